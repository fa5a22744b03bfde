"""Routes: the package's own under `/api/`, as an LMS mounts them, and our course around them."""

import course
from django.urls import include, path

urlpatterns = [
    path("api/", include("lti_consumer.plugin.urls")),
    path("course/login", course.log_in),
    path("course/exchanges", course.exchanges),
    path("course/blocks", course.add_block),
    path("course/blocks/<uuid:block_id>/launch", course.launch),
    path("course/blocks/<uuid:block_id>/deep-link", course.deep_link),
    path("course/blocks/<uuid:block_id>/records", course.records),
]
