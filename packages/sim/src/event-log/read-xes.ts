import { parseXml, type XmlElement } from "@doppelwerk/aas";
import { said, type Said } from "@doppelwerk/world";

const COLUMNS = ["case:concept:name", "concept:name", "org:resource", "time:timestamp", "lifecycle:transition", "start_timestamp"] as const;

/**
 * An event log of XES (IEEE 1849) as rows of a table with a header, for `readEventLog`. Extensions read: concept, time, lifecycle,
 * organizational, and `start_timestamp`, which many tools add. Returns what to say where it is no XES.
 */
export function rowsOfXes(text: string): readonly (readonly string[])[] | Said {
  const root = parseXml(text);
  if ("severity" in root) return said`the event log is no XML that can be read: ${root.message}`;
  if (root.name !== "log") return said`the root element of an XES log is <log>, not <${root.name}>`;
  const globals = new Map<string, string>();
  for (const global of root.children.filter(({ name, attributes }) => name === "global" && attributes["scope"] === "event"))
    for (const [key, value] of attributesOf(global)) globals.set(key, value);
  const rows: string[][] = [[...COLUMNS]];
  root.children
    .filter(({ name }) => name === "trace")
    .forEach((trace, index) => {
      const name = attributesOf(trace).get("concept:name") ?? `trace ${index + 1}`;
      for (const event of trace.children.filter((child) => child.name === "event")) {
        const own = attributesOf(event);
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
    });
  if (rows.length === 1) return said`the XES log has no event`;
  // columns that nothing stands in would be taken for something
  const used = COLUMNS.map((_, column) => rows.slice(1).some((row) => row[column] !== ""));
  return rows.map((row) => row.filter((_, column) => used[column]));
}

function attributesOf(element: XmlElement): ReadonlyMap<string, string> {
  return new Map(
    element.children.flatMap(({ attributes: { key, value } }): [string, string][] =>
      key === undefined || value === undefined ? [] : [[key, value]],
    ),
  );
}
