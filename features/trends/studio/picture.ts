const TITLE = 26;

/** The drawings of the page one under another, each with its name, as a PNG. */
export async function pictureOf(): Promise<Blob> {
  const plots = [...document.querySelectorAll<HTMLElement>(".dw-plot")].flatMap((plot) => {
    const canvas = plot.querySelector("canvas");
    return canvas === null ? [] : [{ canvas, title: plot.getAttribute("aria-label") ?? "", legend: legendOf(plot) }];
  });
  const ratio = globalThis.devicePixelRatio ?? 1;
  const head = TITLE * 2 * ratio;
  const all = document.createElement("canvas");
  all.width = Math.max(1, ...plots.map(({ canvas }) => canvas.width));
  all.height = Math.max(
    1,
    plots.reduce((sum, { canvas }) => sum + canvas.height + head, 0),
  );
  const ctx = all.getContext("2d")!;
  const style = getComputedStyle(document.documentElement);
  ctx.fillStyle = style.getPropertyValue("--dw-panel");
  ctx.fillRect(0, 0, all.width, all.height);
  let top = 0;
  for (const { canvas, title, legend } of plots) {
    ctx.fillStyle = style.getPropertyValue("--dw-text");
    ctx.font = `600 ${14 * ratio}px "Inter Variable", "Noto Sans SC", sans-serif`;
    ctx.fillText(title, 8 * ratio, top + 18 * ratio);
    let left = 8 * ratio;
    ctx.font = `${12 * ratio}px "Inter Variable", "Noto Sans SC", sans-serif`;
    for (const { name, colour } of legend) {
      ctx.fillStyle = colour;
      ctx.fillRect(left, top + 34 * ratio, 18 * ratio, 4 * ratio);
      ctx.fillText(name, left + 22 * ratio, top + 40 * ratio);
      left += 34 * ratio + ctx.measureText(name).width;
    }
    ctx.drawImage(canvas, 0, top + head);
    top += canvas.height + head;
  }
  return new Promise((resolve, reject) =>
    all.toBlob((blob) => (blob === null ? reject(new Error("the picture could not be made")) : resolve(blob))),
  );
}

function legendOf(plot: HTMLElement): readonly { readonly name: string; readonly colour: string }[] {
  return [...plot.querySelectorAll(".dw-plot-legend span")].map((item) => ({
    name: item.firstElementChild?.nextSibling?.textContent?.trim() ?? "",
    colour: item.querySelector("line")?.getAttribute("stroke") ?? "",
  }));
}
