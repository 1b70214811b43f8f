import { message, textIn, type Language, type Message } from "@doppelwerk/messages";
import type { Breach } from "./breach-store.ts";
import type { KeptData } from "./inventory.ts";

/** What the authority is told of a breach (GDPR Art. 33 (3)), as a page of Markdown. */
export function breachReport(breach: Breach, inventory: readonly KeptData[], language: Language, nameOf: (id: string) => string): string {
  const text = (written: Message): string => textIn(written, language);
  const line = (title: Message, value: string): string => `- **${text(title)}**: ${value === "" ? "–" : value.replaceAll("\n", " ")}`;
  const categories = breach.categories.map((id) => {
    const data = inventory.find((each) => each.id === id);
    return `  - ${data === undefined ? id : text({ code: data.what, params: {} })}`;
  });
  const evidence = breach.evidence.map(
    ({ file, from, to, sha256 }) => `  - ${text(message("privacy.breach.entries", { from, to }))}: ${file}, SHA-256 ${sha256}`,
  );
  const closed = breach.closed && [
    line(message("privacy.breach.closed"), `${breach.closed.at}, ${nameOf(breach.closed.by)}`),
    line(message("privacy.breach.reason"), breach.closed.reason),
  ];
  return [
    `# ${text(message("privacy.breach.title"))}`,
    "",
    line(message("privacy.breach.id"), breach.id),
    line(message("privacy.breach.known"), breach.known),
    line(message("privacy.breach.opened"), `${breach.opened}, ${nameOf(breach.openedBy)}`),
    line(message("privacy.breach.deadline"), breach.deadline),
    line(message("privacy.breach.reported"), breach.reported ?? ""),
    line(message("privacy.breach.people"), String(breach.people)),
    line(message("privacy.breach.categories"), ""),
    ...categories,
    line(message("privacy.breach.evidence"), ""),
    ...evidence,
    ...(closed ?? []),
    "",
    `## ${text(message("privacy.breach.what"))}`,
    "",
    breach.what,
    "",
    `## ${text(message("privacy.breach.measures"))}`,
    "",
    breach.measures === "" ? "–" : breach.measures,
    "",
  ].join("\n");
}
