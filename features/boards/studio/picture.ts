const MAX_PIXELS = 4_000;

/** What is on the screen of an element, as a picture: drawn by the browser itself from a copy with the styles of the page. */
export async function pictureOf(element: HTMLElement): Promise<Blob> {
  const { width, height } = element.getBoundingClientRect();
  const scale = Math.min(window.devicePixelRatio || 1, MAX_PIXELS / Math.max(width, height, 1));
  const copy = element.cloneNode(true) as HTMLElement;
  keepCanvases(element, copy);
  const root = getComputedStyle(document.documentElement);
  const page = document.createElement("div");
  page.setAttribute("xmlns", "http://www.w3.org/1999/xhtml");
  page.setAttribute(
    "style",
    `${variablesOf(document.documentElement.style)};width:${width}px;background:${root.getPropertyValue("--dw-page")}`,
  );
  page.style.color = root.getPropertyValue("--dw-text");
  page.style.fontFamily = getComputedStyle(document.body).fontFamily;
  page.style.fontSize = getComputedStyle(document.body).fontSize;
  const style = document.createElement("style");
  style.textContent = stylesOfPage();
  page.append(style, copy);
  const inside = new XMLSerializer().serializeToString(page);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><foreignObject width="100%" height="100%">${inside}</foreignObject></svg>`;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser draws no pictures");
  context.scale(scale, scale);
  context.drawImage(image, 0, 0, width, height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob === null) throw new Error("this browser made no picture");
  return blob;
}

/** A copy of a canvas is empty: it becomes a picture of what the canvas shows. */
function keepCanvases(element: HTMLElement, copy: HTMLElement): void {
  const copies = copy.querySelectorAll("canvas");
  element.querySelectorAll("canvas").forEach((canvas, index) => {
    const image = document.createElement("img");
    image.src = canvas.toDataURL();
    image.setAttribute("style", `width:${canvas.clientWidth}px;height:${canvas.clientHeight}px`);
    copies[index]?.replaceWith(image);
  });
}

function variablesOf(style: CSSStyleDeclaration): string {
  return [...style]
    .filter((name) => name.startsWith("--"))
    .map((name) => `${name}:${style.getPropertyValue(name)}`)
    .join(";");
}

function stylesOfPage(): string {
  return [...document.styleSheets]
    .flatMap((sheet) => {
      try {
        return [...sheet.cssRules].filter((rule) => !(rule instanceof CSSFontFaceRule)).map(({ cssText }) => cssText);
      } catch {
        // of another origin: nothing of the studio
        return [];
      }
    })
    .join("\n");
}
