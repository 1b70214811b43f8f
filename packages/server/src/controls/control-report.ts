import { escapeHtml } from "../guides/markdown.ts";
import { CONTROL_STATES, countsOf, type Control, type ControlList, type ControlState, type ProvenList } from "./control-lists.ts";

const NAMES: Readonly<Record<ControlState, string>> = { met: "met", partly: "partly", gap: "gap", notApplicable: "not applicable" };

/** Ink on paper: states differ by their word and weight, not by colour alone. What is shown is chosen without a script, and all of it is printed. */
const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d5d9de, #3a4048); --quiet: light-dark(#57606a, #9aa4af) }
body { margin: 0 auto; padding: 24px; max-width: 76rem; font: 13px/1.5 system-ui, sans-serif }
h1 { font-size: 22px } h2 { font-size: 17px; margin-top: 2.5em; break-before: page }
p { max-width: 48rem } a { color: inherit } code, .proof { font-family: ui-monospace, monospace; font-size: 11px; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100% } thead { display: table-header-group } tr { break-inside: avoid }
th, td { padding: 5px 12px 5px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line) }
th { color: var(--quiet); font-weight: 500 } .counts td:not(:first-child) { font-variant-numeric: tabular-nums }
td:first-child, td.state { white-space: nowrap } .is-gap .state, .is-partly .state { font-weight: 700 } .is-notApplicable .state { font-style: italic }
td.proof { min-width: 12em } dt { margin-top: 0.8em; font-weight: 600 } dd { margin: 0 0 0 1.5em } dd small { color: var(--quiet) }
tr:target, dt:target { background: light-dark(#fff3bf, #4a3f10) }
.filter { position: sticky; top: 0; padding: 8px 0; background: Canvas; border-bottom: 1px solid var(--line) }
.filter label { margin-right: 16px; white-space: nowrap } .filter input { margin: 0 6px 0 0 }
@media screen {
  body:has(#show-open:checked) :is(.is-met, .is-notApplicable), body:has(#show-met:checked) tr.control:not(.is-met),
  body:has(#show-partly:checked) tr.control:not(.is-partly), body:has(#show-gap:checked) tr.control:not(.is-gap),
  body:has(#show-notApplicable:checked) tr.control:not(.is-notApplicable) { display: none }
}
@media print { .filter { display: none } }
@page { margin: 15mm }
`;

const SHOWN = [["all", "all"], ["open", "partly and gaps"], ...CONTROL_STATES.map((state) => [state, NAMES[state]] as const)] as const;

/** A page that stands alone and prints well: counts, then every control with its state, reason and proof, and the tests behind each proof. */
export function controlReport(lists: readonly ProvenList[], version: string): string {
  const summary = lists
    .map(
      (list) =>
        `<tr><td><a href="#${list.id}">${escapeHtml(list.title)}</a></td>${CONTROL_STATES.map((state) => `<td>${countsOf(list)[state]}</td>`).join("")}</tr>`,
    )
    .join("");
  const filter = SHOWN.map(
    ([id, name]) => `<label><input type="radio" name="show" id="show-${id}"${id === "all" ? " checked" : ""}>${name}</label>`,
  ).join("");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Control lists of Doppelwerk ${escapeHtml(version)}</title><style>${STYLE}</style></head><body>
<h1>Control lists of Doppelwerk ${escapeHtml(version)}</h1>
<p>What the product does about each requirement, by its makers; nobody has certified it. Statements are in words of our own: read the standard for
what it says. A proof is a rule of the SPEC files; it leads to the tests that carry it, with their files in the repository. Documents are paths there.</p>
<table class="counts"><thead><tr><th>List</th>${CONTROL_STATES.map((state) => `<th>${NAMES[state]}</th>`).join("")}</tr></thead><tbody>${summary}</tbody></table>
<div class="filter" role="radiogroup" aria-label="Shown">${filter}</div>
${lists.map(sectionOf).join("\n")}
<h2 id="proofs">Proofs</h2><dl>${proofsOf(lists)}</dl>
</body></html>
`;
}

function sectionOf({ id, title, about, controls }: ProvenList): string {
  const head = "<thead><tr><th>Id</th><th>Requirement</th><th>State</th><th>How, or what is missing</th><th>Proof</th></tr></thead>";
  return `<h2 id="${id}">${escapeHtml(title)}</h2><p>${escapeHtml(about)}</p><table>${head}<tbody>${controls.map((each) => rowOf(id, each)).join("")}</tbody></table>`;
}

function rowOf(list: string, { id, statement, state, reason = "", tests = [], documents = [] }: Control): string {
  const cells = [id, statement].map((text) => `<td>${escapeHtml(text)}</td>`).join("");
  const proofs = [...tests.map((rule) => `<a href="#rule-${escapeHtml(rule)}">${escapeHtml(rule)}</a>`), ...documents.map(escapeHtml)].join(
    " ",
  );
  return `<tr class="control is-${state}" id="${escapeHtml(`${list}-${id}`.replaceAll(" ", "-"))}">${cells}<td class="state">${NAMES[state]}</td><td>${escapeHtml(reason)}</td><td class="proof">${proofs}</td></tr>`;
}

/** Each rule once, with what its tests say. */
function proofsOf(lists: readonly ProvenList[]): string {
  const proofs = new Map(lists.flatMap((list) => Object.entries(list.proofs)));
  return [...proofs]
    .toSorted(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
    .map(([rule, tests]) => {
      const said = tests.map(
        ({ title, file }) => `<dd>${escapeHtml(withoutRules(title))} <small><code>${escapeHtml(file)}</code></small></dd>`,
      );
      return `<dt id="rule-${escapeHtml(rule)}">${escapeHtml(rule)}</dt>${said.join("")}`;
    })
    .join("");
}

const withoutRules = (title: string): string => title.replace(/^(?:\[[^\]]*\] ?)+/, "");

/** The same as lines of text. `state`: only those in it. */
export function controlText(lists: readonly ControlList[], state?: ControlState): string {
  return lists
    .map((list) => {
      const counts = countsOf(list);
      const head = `${list.title}: ${CONTROL_STATES.map((each) => `${counts[each]} ${NAMES[each]}`).join(", ")}`;
      const rows = list.controls.filter((control) => (state === undefined ? control.state !== "met" : control.state === state));
      return [
        head,
        ...rows.map(
          (each) =>
            `  ${each.id.padEnd(12)} ${NAMES[each.state].padEnd(15)} ${each.statement}${each.reason === undefined ? "" : `: ${each.reason}`}`,
        ),
      ].join("\n");
    })
    .join("\n\n");
}
