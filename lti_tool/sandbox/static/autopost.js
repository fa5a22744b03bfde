// Post the page's only form at once, as an LMS does between its steps of a launch.
document.querySelector("form[data-auto]").submit();
