import { componentFields, flowFields, flowNamedShapes } from "./flow-shape.ts";
import type { JsonFields, JsonShape } from "../json-shape.ts";

/** The format as Markdown tables, out of what checks it; the guide holds them. */
export function flowFormatTables(): string {
  const { components: _components, ...outer } = flowFields;
  return [
    section("The file", {
      ...outer,
      components: { is: "list", doc: "what items flow through: the types below", of: { is: "text", doc: "" } },
    }),
    ...Object.entries(componentFields).map(([type, fields]) => section(`\`"type": "${type}"\``, fields)),
    distributions(),
  ].join("\n\n");
}

function section(title: string, fields: JsonFields): string {
  return `### ${title}\n| field | what | |\n|---|---|---|\n${rows(fields, "").join("\n")}`;
}

function rows(fields: JsonFields, prefix: string): string[] {
  return Object.entries(fields).flatMap(([field, shape]) => {
    const optional = field.endsWith("?");
    const name = `${prefix}${optional ? field.slice(0, -1) : field}`;
    const inner = innerOf(shape);
    const row = `| \`${name}\` | ${shape.doc.replaceAll("|", "\\|")} | ${kindOf(shape)}${optional ? "" : ", required"} |`;
    return [row, ...(inner === undefined ? [] : rows(inner.fields, `${name}${inner.list ? "[]" : ""}.`))];
  });
}

function innerOf(shape: JsonShape): { readonly fields: JsonFields; readonly list: boolean } | undefined {
  if (shape.is === "object") return { fields: shape.fields, list: false };
  if (shape.is === "list" && shape.of.is === "object") return { fields: shape.of.fields, list: true };
  return undefined;
}

function kindOf(shape: JsonShape): string {
  switch (shape.is) {
    case "number":
      return shape.whole === true ? "whole number" : "number";
    case "oneOf":
      return shape.values.map((value) => `\`"${value}"\``).join(" ");
    case "named":
      return shape.name;
    case "flag":
      return "true, false";
    case "either":
      return shape.of.map(kindOf).join(" or ");
    case "kinds":
      return "object";
    default:
      return shape.is;
  }
}

function distributions(): string {
  const time = flowNamedShapes["time"] as Extract<JsonShape, { is: "either" }>;
  const { kinds } = time.of.find((shape) => shape.is === "kinds") as Extract<JsonShape, { is: "kinds" }>;
  const lines = Object.entries(kinds).map(([kind, fields]) => {
    const parts = Object.entries(fields).map(
      ([field, shape]) => `\`${field.replace("?", "")}\`${field.endsWith("?") ? " (may be absent)" : ""}: ${shape.doc}`,
    );
    return `| \`"${kind}"\` | ${parts.join("; ")} |`;
  });
  return `### Times: a number of seconds, or \`{"kind": …}\`\n| kind | fields |\n|---|---|\n${lines.join("\n")}`;
}
