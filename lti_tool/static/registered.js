// Tells the LMS that its registration page may close (LTI Dynamic Registration 1.0 §3.6).
// Some platforms know only the subject without the prefix.

const button = document.querySelector("[data-close]");
const lms = window.opener || (window.parent !== window ? window.parent : null);

if (button && lms) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const subject of ["org.imsglobal.lti.close", "lti.close"]) {
      lms.postMessage({ subject }, "*");
    }
  });
}
