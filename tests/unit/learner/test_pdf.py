"""What drawing a PDF must not change about the rest of the process."""

from PIL import ImageFile

from lti_tool.learner import pdf


def test_half_a_picture_is_still_no_picture_after_a_pdf_was_made():
    assert (
        pdf.write("<html lang='nl'><title>Logboek</title><p>Een hint.</p></html>")[:5] == b"%PDF-"
    )
    assert not ImageFile.LOAD_TRUNCATED_IMAGES
