// What is wrong with a page at a glance. Runs in the page: `scripts/gallery/look-at.ts` reads this file and evaluates it there. Each finding is one line.

/** Smallest text, CSS pixels. */
const MIN_TEXT_PX = 11;
/** Boxes of text that meet by so little are neighbours, not one on the other. */
const TOUCH_PX = 2;
/** Less of a text says nothing. */
const MIN_SHOWN_PX = 24;
const MAX_FINDINGS = 30;

/** `written`: names that people gave; they stay as they are in every language. */
function look({ language, written = [] }) {
  const texts = shownTexts();
  const findings = [...pageScroll(), ...smallTexts(texts), ...cutTexts(), ...cutControls(), ...overlaps(texts), ...bareNumbers()];
  if (language === "zh") findings.push(...foreignSentences(texts, written));
  return [...new Set(findings)].slice(0, MAX_FINDINGS);
}

/** Every text that can be seen: its element, its words and the box that is not cut away. */
function shownTexts() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data.replaceAll(/\s+/g, " ").trim();
    const element = node.parentElement;
    if (text === "" || !isShown(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      const shown = cutBox(box, element);
      if (shown.right - shown.left > 1 && shown.bottom - shown.top > 1) found.push({ element, text, box: shown });
    }
  }
  return found;
}

function isShown(element) {
  if (["SCRIPT", "STYLE", "NOSCRIPT", "OPTION", "TITLE"].includes(element.tagName)) return false;
  if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
  for (let each = element; each; each = each.parentElement) {
    const { clipPath, clip, position } = getComputedStyle(each);
    if (clipPath === "inset(50%)" || (position === "absolute" && /^rect\((?:0px|1px)/.test(clip))) return false;
  }
  return true;
}

/** A box without what ancestors cut away, and what is outside the window. */
function cutBox(box, element) {
  let { left, top, right, bottom } = box;
  let isFixed = false;
  for (let each = element; each; each = each.parentElement) {
    const style = getComputedStyle(each);
    if (
      !isFixed &&
      (style.overflowX !== "visible" || style.overflowY !== "visible") &&
      each !== document.documentElement &&
      each !== document.body
    ) {
      const own = each.getBoundingClientRect();
      if (style.overflowX !== "visible") [left, right] = [Math.max(left, own.left), Math.min(right, own.right)];
      if (style.overflowY !== "visible") [top, bottom] = [Math.max(top, own.top), Math.min(bottom, own.bottom)];
    }
    if (style.position === "fixed") isFixed = true;
  }
  return { left: Math.max(0, left), top: Math.max(0, top), right: Math.min(innerWidth, right), bottom: Math.min(innerHeight, bottom) };
}

function pageScroll() {
  const beyond = document.documentElement.scrollWidth - innerWidth;
  return beyond > 0 ? [`page scroll: the page reaches ${beyond} px beyond its window`] : [];
}

function smallTexts(texts) {
  return texts.flatMap(({ element, text }) => {
    const size = Number.parseFloat(getComputedStyle(element).fontSize);
    return size < MIN_TEXT_PX ? [`small text: ${quoted(text)} has ${size} px, ${nameOf(element)}`] : [];
  });
}

/** Texts that are cut without a mark or without a way to read them whole. */
function cutTexts() {
  return [...document.body.querySelectorAll("*")].flatMap((element) => {
    if (!hasOwnText(element) || !isShown(element)) return [];
    const style = getComputedStyle(element);
    const isCutX = style.overflowX !== "visible" && !/auto|scroll/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
    const isCutY = style.overflowY !== "visible" && !/auto|scroll/.test(style.overflowY) && element.scrollHeight > element.clientHeight + 2;
    if ((!isCutX && !isCutY) || element.clientWidth < 2) return [];
    if (element.clientWidth < MIN_SHOWN_PX && element.textContent.trim().length > 3)
      return [`squeezed text: ${quoted(element.textContent)} has ${element.clientWidth} px, ${nameOf(element)}`];
    const isMarked = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
    const whole = element.closest("[title], [aria-label]");
    if (isMarked && whole) return [];
    return [`cut text: ${quoted(element.textContent)}${isMarked ? " has an ellipsis but no title" : ""}, ${nameOf(element)}`];
  });
}

const hasOwnText = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");

/** What is pressed or filled in and stands beyond the edge of its window, or of a part that does not scroll there. */
function cutControls() {
  return [...document.body.querySelectorAll("button, a[href], input, select, textarea")].flatMap((element) => {
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || !isShown(element)) return [];
    let [left, right] = [Math.max(0, box.left), Math.min(innerWidth, box.right)];
    for (let each = element.parentElement; each && each !== document.body; each = each.parentElement) {
      const { overflowX } = getComputedStyle(each);
      if (/auto|scroll/.test(overflowX)) return [];
      const own = each.getBoundingClientRect();
      if (overflowX !== "visible") [left, right] = [Math.max(left, own.left), Math.min(right, own.right)];
    }
    const lost = Math.round(box.width - Math.max(0, right - left));
    const name = element.getAttribute("aria-label") ?? element.textContent;
    return lost > TOUCH_PX ? [`cut control: ${lost} of ${Math.round(box.width)} px of ${quoted(name)}, ${nameOf(element)}`] : [];
  });
}

/** Text on text. What lies under an opaque layer (a dialog, a fixed head of a table) is covered, not overlapped. */
function overlaps(texts) {
  const sorted = texts.toSorted((a, b) => a.box.top - b.box.top);
  const found = [];
  for (const [at, one] of sorted.entries()) {
    for (let next = at + 1; next < sorted.length && sorted[next].box.top < one.box.bottom - TOUCH_PX; next++) {
      const other = sorted[next];
      if (one.element === other.element || !areOn(one.box, other.box) || isCovered(one, other)) continue;
      found.push(`overlap: ${quoted(one.text)} and ${quoted(other.text)}, ${nameOf(one.element)} and ${nameOf(other.element)}`);
    }
  }
  return found;
}

function areOn(a, b) {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > TOUCH_PX && height > TOUCH_PX;
}

/** One of both is not seen where they meet, because something opaque lies over it. */
function isCovered(one, other) {
  const x = (Math.max(one.box.left, other.box.left) + Math.min(one.box.right, other.box.right)) / 2;
  const y = (Math.max(one.box.top, other.box.top) + Math.min(one.box.bottom, other.box.bottom)) / 2;
  const layers = document.elementsFromPoint(x, y);
  return [one.element, other.element].some((lower) => {
    const at = layers.indexOf(lower);
    const above = at < 0 ? layers : layers.slice(0, at);
    return above.some((layer) => !layer.contains(lower) && !lower.contains(layer) && isOpaque(layer));
  });
}

function isOpaque(element) {
  const style = getComputedStyle(element);
  const alpha = /^rgba\(.*, ([\d.]+)\)$/.exec(style.backgroundColor)?.[1] ?? (style.backgroundColor === "transparent" ? "0" : "1");
  return Number(alpha) > 0.85 || element.tagName === "CANVAS" || element.tagName === "IMG";
}

/** Sentences in Latin letters on a Chinese page, save for what people wrote. */
function foreignSentences(texts, written) {
  return texts.flatMap(({ element, text }) => {
    if (/\p{Script=Han}/u.test(text) || element.closest('[lang]:not(html), [translate="no"], code, pre, kbd')) return [];
    const start = text.replace(/\u2026.*$/, "").trim();
    if (written.some((name) => name.includes(start) || start.includes(name))) return [];
    const words = text.match(/(?<![\w./:@-])[A-Za-z][a-z]+(?![\w/:@-])/g) ?? [];
    return words.length >= 4 ? [`not Chinese: ${quoted(text)}, ${nameOf(element)}`] : [];
  });
}

/** Values with decimals beside which no unit stands: in their own box, their row or the head of their column. */
function bareNumbers() {
  return [...document.body.querySelectorAll("td, dd")].flatMap((cell) => {
    const text = cell.textContent.trim();
    if (!/^[+\u2212-]?\d+\.\d+$/.test(text) || !isShown(cell)) return [];
    const row = cell.closest("tr, dl");
    const head = cell.closest("table")?.querySelector(`thead th:nth-child(${cell.cellIndex + 1})`)?.textContent ?? "";
    const others = [...(row?.children ?? [])].filter((each) => each !== cell).map((each) => each.textContent);
    const beside = `${others.join(" ")} ${head} ${cell.title} ${cell.closest("table")?.caption?.textContent ?? ""}`;
    return /%|°|\(|\bper\b|\b(?:s|min|h|ms|bar|kPa|Pa|kW|kWh|K|mm|m|kg|g|l|N|Nm|V|A|Hz|rpm)\b|[\u4e00-\u9fff]/.test(beside)
      ? []
      : [`no unit: ${quoted(text)} in ${quoted(row?.textContent ?? "")}, ${nameOf(cell)}`];
  });
}

const quoted = (text) => {
  const short = text.replaceAll(/\s+/g, " ").trim();
  return `"${short.length > 70 ? `${short.slice(0, 67)}\u2026` : short}"`;
};

function nameOf(element) {
  const own = [...element.classList].filter((name) => !/^m_|^mantine-/.test(name))[0];
  const parent = element.closest('[class*="dw-"]');
  const near = parent === null || parent === element ? "" : `.${[...parent.classList].find((name) => name.startsWith("dw-"))} `;
  return `${near}${element.tagName.toLowerCase()}${own === undefined ? "" : `.${own}`}`;
}

// what the script that reads this file calls
globalThis.look = look;
