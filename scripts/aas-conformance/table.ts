import type { Operation } from "./openapi.ts";

/** What was asked of an operation, and what it answered. */
export interface Asked {
  readonly operation: Operation;
  readonly statuses: readonly number[];
  readonly whats: readonly string[];
  readonly requests: number;
  /** Matters of the rows of the decision table that explain what is not as the text says. */
  readonly decided: readonly string[];
}

interface Row {
  readonly places: string[];
  readonly statuses: Set<number>;
  readonly whats: Set<string>;
  requests: number;
  readonly decided: Set<string>;
}

/** What the text repeats for a submodel in four places, and for a shell in two, is one row. */
const PLACES: readonly (readonly [beginning: RegExp, letter: string, short: string])[] = [
  [/^\/shells\/\{aasIdentifier\}\/submodels\/\{submodelIdentifier\}/, "P", "{submodel}"],
  [/^\/aas\/submodels\/\{submodelIdentifier\}/, "Q", "{submodel}"],
  [/^\/submodels\/\{submodelIdentifier\}/, "R", "{submodel}"],
  [/^\/submodel(?=\/|$)/, "S", "{submodel}"],
  [/^\/shells\/\{aasIdentifier\}/, "R", "{shell}"],
  [/^\/aas(?=\/|$)/, "S", "{shell}"],
];

/** The page docs/guide/aas-operations.md. */
export function tableOf(asked: readonly Asked[]): string {
  const rows = new Map<string, Row>();
  for (const { operation, statuses, whats, requests, decided } of asked) {
    const [beginning, letter, short] = PLACES.find(([place]) => place.test(operation.path)) ?? [/^/, "", ""];
    const name = `${operation.method} ${operation.path.replace(beginning, short).replace("invoke-asnyc", "invoke-async")}`;
    const row = rows.get(name) ?? { places: [], statuses: new Set(), whats: new Set(), requests: 0, decided: new Set() };
    rows.set(name, row);
    if (letter !== "" && !row.places.includes(letter)) row.places.push(letter);
    for (const status of statuses) row.statuses.add(status);
    for (const what of whats) row.whats.add(what);
    row.requests += requests;
    for (const matter of decided) row.decided.add(matter);
  }
  const requests = asked.reduce((sum, each) => sum + each.requests, 0);
  return `# Every operation, and what it answers
Made by \`node scripts/aas-conformance.ts DIR --write\`, DIR being a copy of admin-shell-io/aas-specs-api at v3.1.2: ${asked.length} operations of its OpenAPI were asked ${requests} times,
well, with every modifier, and wrongly in every part. Each answer was held to the statuses, headers and JSON schemas of the text with Ajv. What differs is a row of the decision table (aas-api.md) and is named here.

\`{submodel}\` is served at R \`/submodels/{id}\`, P \`/shells/{id}/submodels/{id}\`, Q \`/aas/submodels/{id}\` below the service of a shell, S \`/submodel\` below the service of a submodel; \`{shell}\` at R \`/shells/{id}\`, S \`/aas\`.
In every path malformed and unknown ids, with every body none, broken, of another class and of another type were tried as well; a slash at the end, HEAD and unknown parameters change nothing.

| operation | at | answered | modifiers and conditions asked | decided |
|---|---|---|---|---|
${[...rows].map(([name, row]) => lineOf(name, row)).join("\n")}
`;
}

function lineOf(name: string, { places, statuses, whats, decided }: Row): string {
  const asked = new Set<string>();
  for (const what of whats) {
    const [, parameter] =
      /^(limit|cursor|level|extent|assetIds|idShort|semanticId|isCaseOf|dataSpecificationRef|assetKind|assetType|aasIds?|submodelIds|includeConceptDescriptions)=/.exec(
        what,
      ) ?? [];
    if (parameter !== undefined) asked.add(parameter);
    if (what === "page after page") asked.add("pages to the end");
    if (what.startsWith("Accept ")) asked.add("Accept");
  }
  const words = [...asked];
  if ([...whats].some((what) => what.startsWith("of "))) words.unshift("every class of element");
  return `| ${name.replaceAll("|", "\\|")} | ${places.sort().join(" ")} | ${[...statuses].sort().join(" ")} | ${words.join(", ")} | ${[...decided].join("; ")} |`;
}
