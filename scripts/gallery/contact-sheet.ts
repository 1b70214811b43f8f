import { FACTORS, type Shot } from "./screens.ts";

export interface Picture {
  readonly view: string;
  readonly shot: Shot;
  /** Of the picture, beside the sheet. */
  readonly file: string;
  readonly findings: readonly string[];
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** One page of all pictures, a row a view, narrowed by view and by the values of each factor. */
export function contactSheet(pictures: readonly Picture[]): string {
  const views = [...new Set(pictures.map(({ view }) => view))];
  const choices = Object.entries({ view: views, ...FACTORS }).map(
    ([name, values]) =>
      `<label>${name} <select name="${name}"><option value="">all</option>${values.map((value) => `<option>${escaped(value)}</option>`).join("")}</select></label>`,
  );
  const rows = views.map(
    (view) =>
      `<section><h2>${escaped(view)}</h2><div>${pictures
        .filter((each) => each.view === view)
        .map(figure)
        .join("")}</div></section>`,
  );
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Pictures of every view</title>
<style>
body { font: 14px system-ui; margin: 16px; background: #fff; color: #222 }
form { position: sticky; top: 0; background: #fff; padding: 8px 0; display: flex; gap: 16px; flex-wrap: wrap }
section > div { display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-start }
figure { margin: 0; width: 320px } figure.is-found { outline: 2px solid #c33; outline-offset: 2px }
img { max-width: 100%; max-height: 240px; border: 1px solid #ccc } [hidden] { display: none }
</style>
<form>${choices.join("")}<label><input type="checkbox" name="found"> with findings</label> <output></output></form>
${rows.join("\n")}
<script>
const form = document.querySelector("form");
const show = () => {
  const chosen = Object.fromEntries(new FormData(form));
  let count = 0;
  for (const figure of document.querySelectorAll("figure")) {
    figure.hidden = Object.entries(chosen).some(([name, value]) => name === "found" ? !figure.classList.contains("is-found") : value !== "" && figure.dataset[name] !== value);
    if (!figure.hidden) count++;
  }
  for (const section of document.querySelectorAll("section")) section.hidden = !section.querySelector("figure:not([hidden])");
  document.querySelector("output").textContent = count + " pictures";
};
form.addEventListener("change", show);
show();
</script>
</html>
`;
}

function figure({ view, shot, file, findings }: Picture): string {
  const data = Object.entries({ view, ...shot }).map(([name, value]) => `data-${name}="${escaped(value)}"`);
  const found = findings.length === 0 ? "" : `<ul>${findings.map((each) => `<li>${escaped(each)}</li>`).join("")}</ul>`;
  return `<figure ${data.join(" ")}${findings.length === 0 ? "" : ' class="is-found"'}><a href="${escaped(file)}"><img loading="lazy" src="${escaped(file)}" alt=""></a><figcaption>${escaped(Object.values(shot).join(" · "))}</figcaption>${found}</figure>`;
}
