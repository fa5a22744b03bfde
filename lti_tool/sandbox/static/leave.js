// Leave the frame: what comes next belongs to the whole window.
window.top.location.assign(document.querySelector("a[data-leave]").href);
