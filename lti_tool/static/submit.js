// Carries the answer back to the LMS at once; the button is there for when this does not run.
document.querySelector("form[data-submit]").requestSubmit();
