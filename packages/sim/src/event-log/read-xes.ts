import { SaxesParser } from "saxes";
import { message as messageOf, type Message } from "@doppelwerk/messages";

const COLUMNS = ["case:concept:name", "concept:name", "org:resource", "time:timestamp", "lifecycle:transition", "start_timestamp"] as const;

/**
 * An event log of XES (IEEE 1849) as rows of a table with a header, for `readEventLog`. Extensions read: concept, time, lifecycle,
 * organizational, and `start_timestamp`, which many tools add. Read tag by tag: logs have hundreds of megabytes, and a tree of one has ten times
 * as many. Returns what to say where it is no XES.
 */
export function rowsOfXes(text: string): readonly (readonly string[])[] | Message {
  const globals = new Map<string, string>();
  const rows: string[][] = [];
  let trace: { name: string | undefined; readonly events: Map<string, string>[] } | undefined;
  let traces = 0;
  let scope = "";
  const fault = eachTag(text, {
    begin(path, attributes) {
      const [inside, name] = [path.at(-2), path.at(-1)!];
      if (path.length === 1) return name === "log" ? undefined : messageOf("sim.rootElementXesLogLog", { name: name.slice(0, 60) });
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
  if (rows.length === 0) return messageOf("sim.xesLogNoEvent");
  // columns that nothing stands in would be taken for something
  const used = COLUMNS.map((_, column) => rows.some((row) => row[column] !== ""));
  return [[...COLUMNS], ...rows].map((row) => row.filter((_, column) => used[column]));
}

interface Tags {
  /** `path` from the root down to the element that begins. What is returned ends the reading. */
  begin(path: readonly string[], attributes: Readonly<Record<string, string>>): Message | undefined;
  end(path: readonly string[]): void;
}

const DEEPEST = 100;
/** Characters that are read before it is looked whether something was refused. */
const PART = 1 << 16;

/** Every element of a document in order, in one pass. Text between them is passed over; prefixes of names are cut off. */
function eachTag(text: string, tags: Tags): Message | undefined {
  const path: string[] = [];
  const parser = new SaxesParser();
  let fault: Message | undefined;
  const bad = (why: string): void => {
    fault ??= messageOf("sim.eventLogNoXmlCanRead", { line: parser.line, why });
  };
  parser.on("doctype", () => {
    fault ??= messageOf("sim.eventLog");
  });
  // an entity that XML does not know stays as it stands: tools write &nbsp; into names
  parser.on("error", ({ message }) => message.endsWith("undefined entity.") || bad(message.replace(/^\d+:\d+: /, "")));
  parser.on("opentag", ({ name, attributes }) => {
    if (fault !== undefined) return;
    if (path.length >= DEEPEST) return bad(`more than ${DEEPEST} elements in one another.`);
    path.push(name.slice(name.indexOf(":") + 1));
    fault = tags.begin(path, attributes);
  });
  parser.on("closetag", () => {
    if (fault !== undefined) return;
    tags.end(path);
    path.pop();
  });
  for (let at = 0; at < text.length && fault === undefined; at += PART) parser.write(text.slice(at, at + PART));
  if (fault === undefined) parser.close();
  return fault;
}
