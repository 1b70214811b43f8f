import { message, type Message } from "@doppelwerk/messages";

export interface TopicTemplate {
  /** The filter that catches every topic of the template. */
  readonly filter: string;
  /** The named parts of a topic in order; undefined when the topic does not fit. */
  match(topic: string): readonly { readonly name: string; readonly value: string }[] | undefined;
}

type Level = { readonly fixed: string } | { readonly name: string; readonly rest: boolean };

/** `plant/{area}/{machine}/{signal}`: each `{name}` is one level, `{name+}` (only at the end) one or more. A message = what is wrong with it. */
export function parseTemplate(text: string): TopicTemplate | Message {
  const levels: Level[] = [];
  const names = new Set<string>();
  const parts = text.split("/");
  for (const [at, part] of parts.entries()) {
    const match = /^\{([^{}+]+)(\+)?\}$/.exec(part);
    if (match === null) {
      if (/[{}+#]/.test(part)) return message("connectors.faultTemplateLevel", { part });
      levels.push({ fixed: part });
      continue;
    }
    const name = match[1]!;
    const rest = match[2] !== undefined;
    if (rest && at !== parts.length - 1) return message("connectors.faultTemplateRest", { name });
    if (names.has(name)) return message("connectors.faultTemplateTwice", { name });
    names.add(name);
    levels.push({ name, rest });
  }
  if (names.size === 0) return message("connectors.faultTemplateNames");
  return {
    filter: levels.map((level) => ("fixed" in level ? level.fixed : level.rest ? "#" : "+")).join("/"),
    match: (topic: string) => matchLevels(levels, topic.split("/")),
  };
}

function matchLevels(levels: readonly Level[], parts: readonly string[]): { name: string; value: string }[] | undefined {
  const found: { name: string; value: string }[] = [];
  for (const [at, level] of levels.entries()) {
    const part = parts[at];
    if (part === undefined) return undefined;
    if ("fixed" in level) {
      if (level.fixed !== part) return undefined;
    } else if (level.rest) {
      found.push({ name: level.name, value: parts.slice(at).join("/") });
      return found;
    } else found.push({ name: level.name, value: part });
  }
  return parts.length === levels.length ? found : undefined;
}
