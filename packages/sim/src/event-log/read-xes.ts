import { said, type Said } from "@doppelwerk/world";

const COLUMNS = ["case:concept:name", "concept:name", "org:resource", "time:timestamp", "lifecycle:transition", "start_timestamp"] as const;

/**
 * An event log of XES (IEEE 1849) as rows of a table with a header, for `readEventLog`. Extensions read: concept, time, lifecycle,
 * organizational, and `start_timestamp`, which many tools add. Read tag by tag: logs have hundreds of megabytes, and a tree of one has ten times
 * as many. Returns what to say where it is no XES.
 */
export function rowsOfXes(text: string): readonly (readonly string[])[] | Said {
  const globals = new Map<string, string>();
  const rows: string[][] = [];
  let trace: { name: string | undefined; readonly events: Map<string, string>[] } | undefined;
  let traces = 0;
  let scope = "";
  const fault = eachTag(text, {
    begin(path, attributes) {
      const [inside, name] = [path.at(-2), path.at(-1)!];
      if (path.length === 1) return name === "log" ? undefined : said`the root element of an XES log is <log>, not <${name.slice(0, 60)}>`;
      if (path.length === 2 && name === "trace") trace = { name: undefined, events: [] };
      else if (path.length === 3 && name === "event" && trace !== undefined) trace.events.push(new Map());
      else {
        const { key, value } = attributes;
        if (key === undefined || value === undefined) return undefined;
        if (inside === "global" && path.length === 3 && scope === "event") globals.set(key, value);
        else if (inside === "trace" && path.length === 3 && trace !== undefined && key === "concept:name") trace.name = value;
        else if (inside === "event" && path.length === 4) trace?.events.at(-1)?.set(key, value);
      }
      if (path.length === 2 && name === "global") scope = attributes["scope"] ?? "event";
      return undefined;
    },
    end(path) {
      if (path.length !== 2 || path[1] !== "trace" || trace === undefined) return;
      traces++;
      const name = trace.name ?? `trace ${traces}`;
      for (const own of trace.events) {
        const value = (key: string): string => own.get(key) ?? globals.get(key) ?? "";
        rows.push([
          name,
          value("concept:name"),
          // a resource that is not told is not one that all share
          own.get("org:resource") ?? own.get("org:group") ?? "",
          own.get("time:timestamp") ?? "",
          own.get("lifecycle:transition") ?? "",
          own.get("start_timestamp") ?? own.get("start:timestamp") ?? "",
        ]);
      }
      trace = undefined;
    },
  });
  if (fault !== undefined) return fault;
  if (rows.length === 0) return said`the XES log has no event`;
  // columns that nothing stands in would be taken for something
  const used = COLUMNS.map((_, column) => rows.some((row) => row[column] !== ""));
  return [[...COLUMNS], ...rows].map((row) => row.filter((_, column) => used[column]));
}

interface Tags {
  /** `path` from the root down to the element that begins. What is returned ends the reading. */
  begin(path: readonly string[], attributes: Readonly<Record<string, string>>): Said | undefined;
  end(path: readonly string[]): void;
}

const NAME = String.raw`[\p{L}_][\p{L}\d_.:-]*`;
const TAG = new RegExp(String.raw`<(\/?)(${NAME})((?:\s+${NAME}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>`, "uy");
const ATTRIBUTE = new RegExp(String.raw`(${NAME})\s*=\s*(?:"([^"]*)"|'([^']*)')`, "gu");
const DEEPEST = 100;
const PASSED_OVER = [
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
] as const;

/** Every element of a document in order, in one pass. Text between them is passed over; prefixes of names are cut off. */
function eachTag(text: string, tags: Tags): Said | undefined {
  const path: string[] = [];
  const bad = (at: number): Said => {
    const line = text.slice(0, at).split("\n").length;
    return said`the event log is no XML that can be read: Not well-formed at line ${line}: "${text
      .slice(at, at + 40)
      .split("\n")[0]!
      .trim()}"`;
  };
  let closed = false;
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at)) {
    const passed = PASSED_OVER.find(([open]) => text.startsWith(open, at));
    if (passed !== undefined) {
      const end = text.indexOf(passed[1], at + passed[0].length);
      if (end < 0) return bad(at);
      at = end + passed[1].length;
      continue;
    }
    if (text.startsWith("<!", at))
      return said`the event log is no XML that can be read: A document type (DOCTYPE) is refused: entities are not read.`;
    TAG.lastIndex = at;
    const found = TAG.exec(text);
    if (found === null || closed) return bad(at);
    const name = found[2]!.slice(found[2]!.indexOf(":") + 1);
    const [ends, alone] = [found[1] === "/", found[4] === "/"];
    if (ends ? path.at(-1) !== name : path.length >= DEEPEST) return bad(at);
    if (!ends) {
      path.push(name);
      const refused = tags.begin(path, attributesOf(found[3]!));
      if (refused !== undefined) return refused;
    }
    if (ends || alone) {
      tags.end(path);
      path.pop();
    }
    closed = path.length === 0;
    at = TAG.lastIndex;
  }
  return closed ? undefined : bad(text.length);
}

function attributesOf(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [, name, double, single] of text.matchAll(ATTRIBUTE)) found[name!] = plainText(double ?? single!);
  return found;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Character references and the five entities of XML; others stay as they stand. */
function plainText(value: string): string {
  if (!value.includes("&")) return value;
  return value.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(lt|gt|amp|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[(name as string).toLowerCase()]!;
    const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal);
    return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
  });
}
