import pytest

@pytest.mark.parametrize("profile", ["strict", "moodle", "canvas"])
def test_x(world_of, profile):
    w = world_of(profile)
    a = w.activity()
    w.complete(a)
    print(w.send(), w.done(a).problem)
    assert w.lms.is_done(a, w.sub())
    assert w.done(a).state == "delivered"
