// Small mends that need the size of things on the reader's screen.
(() => {
  "use strict";
  // What scrolls sideways inside the page can be reached and scrolled by keyboard; what does not is no tab stop.
  const SCROLLERS = ".gvc-formula, .gvc-view, .pst-scrollable-table-container, div.highlight pre, .cell_output .output";
  const mend = () => {
    for (const box of document.querySelectorAll(SCROLLERS)) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  addEventListener("load", mend);
  addEventListener("resize", mend);
  addEventListener("gvc:drawn", mend);
})();
