// What a page is asked for, as the source of a function of an element: it runs in the browser, and nothing here knows a DOM.

/** Texts that lie over another text of the same part of the page, or reach beyond it; each named. */
export const OVER_PRINTS = `(part) => {
  const boxes = [];
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.textContent.trim();
    const element = node.parentElement;
    if (text === "" || element.closest("[hidden], [aria-hidden=true], script, style, svg") !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    let { left, right, top, bottom } = range.getBoundingClientRect();
    // what an ancestor cuts off is not seen
    for (let at = element; at !== null && at !== document.body; at = at.parentElement) {
      if (getComputedStyle(at).overflowX === "visible") continue;
      const cut = at.getBoundingClientRect();
      [left, right] = [Math.max(left, cut.left), Math.min(right, cut.right)];
      [top, bottom] = [Math.max(top, cut.top), Math.min(bottom, cut.bottom)];
    }
    if (right - left > 1 && bottom - top > 1) boxes.push({ text, element, left, right, top, bottom });
  }
  const edge = part.getBoundingClientRect().right;
  const faults = boxes.filter(({ right }) => right > edge + 1).map(({ text }) => "beyond its part: " + text);
  boxes.forEach((one, at) => {
    for (const other of boxes.slice(at + 1)) {
      if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (across > 2 && down > 4) faults.push(one.text + " over " + other.text);
    }
  });
  return faults;
}`;

/** Sentences that begin or end with what joins them, or join nothing. */
export const HOLES = String.raw`(part) => {
  const said = "h1, h2, h3, p, small, dt, dd, .dw-line-chip > span, .dw-rail-what";
  const hole = /^[·,，:：;；]|[·,，:：;；]$|[·,，]\s*[·,，]|\b(?:at|of|to|since)$|\b(?:NaN|undefined|null)\b/;
  const texts = [...part.querySelectorAll(said)].map((element) => (element.textContent ?? "").replaceAll(/\s+/g, " ").trim());
  return texts.filter((text) => hole.test(text));
}`;
