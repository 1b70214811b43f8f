import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, TYPE, type MessageFormatElement } from "@formatjs/icu-messageformat-parser";

/** One catalogue in both languages; where its parameter types are generated, if code may name its messages by type. */
interface Catalogue {
  readonly en: string;
  readonly zh: string;
  /** The first word of each of its codes; undefined where it is the shell's. */
  readonly area: string | undefined;
  readonly types: string | undefined;
}

/** Every catalogue: one file for each area of the kernel, one pair for each feature, two for the shell of the studio. */
function cataloguesIn(root: string): readonly Catalogue[] {
  const areas = globSync("packages/server/words/en/*.json", { cwd: root }).map((en) => {
    const area = en.split(/[/.]/).at(-2)!;
    return { en, zh: `packages/server/words/zh/${area}.json`, area, types: `packages/messages/src/codes/${area}.ts` };
  });
  const features = globSync("features/*/words/en.json", { cwd: root }).map((en) => {
    const feature = dirname(dirname(en));
    return { en, zh: `${feature}/words/zh.json`, area: camel(feature.split("/").at(-1)!), types: `${feature}/message-codes.ts` };
  });
  // The shell's own: one of what every view shares, one of the frame.
  const shell = globSync("packages/{ui,studio}/words/en.json", { cwd: root }).map((en) => {
    const room = dirname(dirname(en));
    return { en, zh: `${room}/words/zh.json`, area: undefined, types: `${room}/src/message-codes.ts` };
  });
  return [...areas, ...features, ...shell].toSorted((a, b) => (a.en < b.en ? -1 : 1));
}

/** What is wrong with the catalogues, one line each. With `write` the generated types are written first. */
export function checkMessages(root: string, write = false): string[] {
  const complaints: string[] = [];
  const known = new Set<string>();
  /** The folder of the feature that a code belongs to. */
  const owners = new Map<string, string>();
  const used = codesInSources(root);
  for (const catalogue of cataloguesIn(root)) {
    const [en, zh] = [wordsIn(root, catalogue.en, complaints), wordsIn(root, catalogue.zh, complaints)];
    const [english, chinese] = [parsed(catalogue.en, en, complaints), parsed(catalogue.zh, zh, complaints)];
    for (const code of Object.keys(en)) {
      if (catalogue.area !== undefined && !code.startsWith(`${catalogue.area}.`))
        complaints.push(`${catalogue.en}: ${code} does not begin with ${catalogue.area}.`);
      if (known.has(code)) complaints.push(`${catalogue.en}: ${code} is in another catalogue too`);
      known.add(code);
      if (catalogue.en.startsWith("features/")) owners.set(code, `${dirname(dirname(catalogue.en))}/`);
      if (!used.codes.has(code) && !used.prefixes.some((prefix) => code.startsWith(prefix)))
        complaints.push(`${catalogue.en}: ${code} is unused`);
      if ((zh[code] ?? "") === "") complaints.push(`${catalogue.zh}: ${code} is not translated`);
      const [wanted, got] = [english.get(code), chinese.get(code)];
      if (wanted && got && namesOf(wanted) !== namesOf(got))
        complaints.push(`${catalogue.zh}: ${code} has the placeholders ${namesOf(got)}, not ${namesOf(wanted)}`);
    }
    for (const code of Object.keys(zh)) if (!(code in en)) complaints.push(`${catalogue.zh}: ${code} is not in English`);
    complaints.push(...checkTypes(root, catalogue, english, write));
  }
  complaints.push(...checkIndex(root, write), ...checkFormer(root, known));
  for (const [code, file] of used.made) if (!known.has(code)) complaints.push(`${file}: ${code} is in no catalogue`);
  for (const [code, file] of used.named) {
    const owner = owners.get(code);
    if (owner !== undefined && !file.startsWith(owner)) complaints.push(`${file}: ${code} belongs to ${owner}, which may be deleted`);
  }
  return complaints;
}

/** Codes that stored messages still have: each is gone from the catalogues, and leads to one that is there. */
function checkFormer(root: string, known: ReadonlySet<string>): string[] {
  return globSync("features/*/words/former.json", { cwd: root }).flatMap((file) =>
    Object.entries(JSON.parse(readFileSync(join(root, file), "utf8")) as Record<string, string>).flatMap(([code, now]) => [
      ...(known.has(code) ? [`${file}: ${code} is in a catalogue`] : []),
      ...(known.has(now) ? [] : [`${file}: ${now} is in no catalogue`]),
    ]),
  );
}

function wordsIn(root: string, file: string, complaints: string[]): Readonly<Record<string, string>> {
  const path = join(root, file);
  if (!existsSync(path)) {
    complaints.push(`${file} is missing`);
    return {};
  }
  const words = JSON.parse(readFileSync(path, "utf8")) as Record<string, string>;
  const sorted = Object.keys(words).toSorted((a, b) => (a < b ? -1 : 1));
  if (Object.keys(words).some((code, index) => code !== sorted[index])) complaints.push(`${file}: the codes are not sorted`);
  return words;
}

type Placeholders = ReadonlyMap<string, "number" | "word" | "any">;

function parsed(file: string, words: Readonly<Record<string, string>>, complaints: string[]): ReadonlyMap<string, Placeholders> {
  const found = new Map<string, Placeholders>();
  for (const [code, text] of Object.entries(words))
    try {
      const names = new Map<string, "number" | "word" | "any">();
      collect(parse(text, { ignoreTag: true }), names);
      found.set(code, names);
    } catch (error) {
      complaints.push(`${file}: ${code} is no ICU message: ${(error as Error).message}`);
    }
  return found;
}

function collect(elements: readonly MessageFormatElement[], names: Map<string, "number" | "word" | "any">): void {
  for (const element of elements)
    if (element.type === TYPE.argument) names.set(element.value, names.get(element.value) ?? "any");
    else if (element.type === TYPE.number) names.set(element.value, "number");
    else if (element.type === TYPE.plural || element.type === TYPE.select) {
      names.set(element.value, element.type === TYPE.plural ? "number" : "word");
      for (const { value } of Object.values(element.options)) collect(value, names);
    }
}

function namesOf(placeholders: Placeholders): string {
  return [...placeholders.keys()].toSorted().join(", ") || "none";
}

const TYPES = { number: "number", word: "string", any: "MessageParam" } as const;

/** From so many codes on the types of a catalogue are one file an area: the second word of a code of three or more. */
const [MAX_CODES, MIN_AREA_CODES] = [500, 10];

function checkTypes(root: string, catalogue: Catalogue, english: ReadonlyMap<string, Placeholders>, write: boolean): string[] {
  const { en, types } = catalogue;
  if (types === undefined || english.size === 0) return [];
  const wanted = typeFiles({ en, types }, english);
  const folder = types.replace(/\.ts$/, "");
  const stale = globSync(`${folder}/*.ts`, { cwd: root }).filter((file) => !wanted.has(file));
  if (write) {
    for (const file of stale) rmSync(join(root, file));
    for (const [file, text] of wanted) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    return [];
  }
  return [
    ...stale.map((file) => `${file} belongs to no codes of ${en}: run npm run messages`),
    ...[...wanted].flatMap(([file, text]) => {
      const path = join(root, file);
      return existsSync(path) && readFileSync(path, "utf8") === text ? [] : [`${file} differs from ${en}: run npm run messages`];
    }),
  ];
}

/** The generated files of a catalogue: one, which imports those of its areas where it is large. */
function typeFiles({ en, types }: { readonly en: string; readonly types: string }, english: ReadonlyMap<string, Placeholders>) {
  const entries = [...english];
  const areas = Map.groupBy(entries, ([code]) => (english.size > MAX_CODES ? code.split(".").slice(1, -1)[0] : undefined));
  const own = [...areas].filter(([area, codes]) => area !== undefined && codes.length >= MIN_AREA_CODES);
  const split = new Map(own.map(([area, codes]) => [kebab(area!), codes]));
  const taken = new Set(own.flatMap(([, codes]) => codes));
  const rest = entries.filter((entry) => !taken.has(entry));
  const files = new Map<string, string>();
  const folder = types.replace(/\.ts$/, "");
  const module = types.startsWith("packages/messages/") ? "../index.ts" : "@doppelwerk/messages";
  for (const [area, codes] of split) files.set(`${folder}/${area}.ts`, typesOf(en, module, ["export {};"], codes));
  const imports = [...split.keys()].toSorted().map((area) => `import type {} from "./${basename(folder)}/${area}.ts";`);
  return files.set(types, typesOf(en, module, imports.length > 0 ? imports : ["export {};"], rest));
}

function typesOf(en: string, module: string, head: readonly string[], codes: readonly (readonly [string, Placeholders])[]): string {
  const lines = codes.map(([code, names]) => {
    const params = [...names].map(([name, kind]) => `readonly ${name}: ${TYPES[kind]}`).join("; ");
    return `    ${JSON.stringify(code)}: ${params === "" ? "Readonly<Record<never, never>>" : `{ ${params} }`};`;
  });
  return [
    `// Generated from ${en} by \`npm run messages\`: do not edit.`,
    ...head,
    "",
    `declare module "${module}" {`,
    "  interface MessageCatalogue {",
    ...lines,
    "  }",
    "}",
    "",
  ].join("\n");
}

/** The file through which whoever imports the package sees the codes of every area. */
function checkIndex(root: string, write: boolean): string[] {
  const areas = globSync("packages/server/words/en/*.json", { cwd: root }).map((file) => file.split(/[/.]/).at(-2)!);
  const text = [
    "// Generated by `npm run messages`: do not edit.",
    ...areas.toSorted().map((area) => `import type {} from "./${area}.ts";`),
    "",
  ].join("\n");
  const file = "packages/messages/src/codes/index.ts";
  const path = join(root, file);
  if (write) writeFileSync(path, text);
  return existsSync(path) && readFileSync(path, "utf8") === text ? [] : [`${file} is stale: run npm run messages`];
}

/** Codes that sources name, the beginnings of those that they put together, and those they name or make messages of with their file. */
function codesInSources(root: string) {
  const codes = new Set<string>();
  const prefixes: string[] = [];
  const made: (readonly [string, string])[] = [];
  const named: (readonly [string, string])[] = [];
  for (const file of globSync(["packages/*/src/**/*.{ts,tsx}", "{features,packs,apps,examples}/**/*.{ts,tsx}"], {
    cwd: root,
    exclude: (name) => name === "node_modules" || name === "dist",
  })) {
    if (/\.test\.tsx?$|(^|\/)(message-codes(\/[\w-]+)?|codes\/\w+)\.ts$/.test(file)) continue;
    const source = readFileSync(join(root, file), "utf8");
    for (const [, code] of source.matchAll(/["'`]([a-z]\w*(?:\.\w+)+)["'`]/g)) {
      codes.add(code!);
      if (!/\.fixture\.tsx?$/.test(file)) named.push([code!, file]);
    }
    for (const [, prefix] of source.matchAll(/`([a-z]\w*(?:\.\w+)*\.)\$\{/g)) prefixes.push(prefix!);
    for (const [, code] of source.matchAll(/(?<![.\w])message(?:Of)?\(\s*"([^"]+)"/g)) made.push([code!, file]);
  }
  return { codes, prefixes, made, named };
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function camel(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

if (import.meta.main) {
  const complaints = checkMessages(fileURLToPath(new URL("..", import.meta.url)), process.argv.includes("--write"));
  for (const complaint of complaints) console.log(complaint);
  process.exit(complaints.length === 0 ? 0 : 1);
}
