import { IconLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { answerOf, durationText, useLoad, useWords, type ShellMarkProps } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { LinkedShells } from "../contract.ts";
import type {} from "../message-codes.ts";
import "./links.css";

const EVERY_MS = 15_000;
/** One request for all marks of the screen. */
const load = answerOf(calls.shells, {}, { kinds: ["shell", "connection"] });
const everyMs = (answer: LinkedShells | undefined): number | undefined => (answer?.links.length ? EVERY_MS : undefined);

type LinkOfShell = LinkedShells["links"][number];

/** Which world owns a shell that is shown by a link, and how old that is. */
export default function LinkedMark({ shell, isBrief = false }: ShellMarkProps): ReactNode {
  const { t, language } = useWords();
  const { value } = useLoad(load, { everyMs });
  const link = value && linkOf(value, shell);
  if (link === undefined) return null;
  const { name, state, lastContact } = link;
  const isAway = state !== "online";
  const age = lastContact === undefined ? undefined : durationText(Math.max(0, value!.now - lastContact), language);
  const text = !isAway
    ? t("links.markFrom", { name })
    : age === undefined
      ? t("links.markNever", { name })
      : t("links.markAway", { name, duration: age });
  return (
    <small className={`dw-links-mark ${isAway ? "is-away" : ""}`} title={text} {...(isBrief && { role: "img", "aria-label": text })}>
      <IconLink size={12} aria-hidden />
      <span>{isBrief ? name : text}</span>
    </small>
  );
}

const byShell = new WeakMap<LinkedShells, ReadonlyMap<string, LinkOfShell>>();

function linkOf(answer: LinkedShells, shell: string): LinkOfShell | undefined {
  let known = byShell.get(answer);
  if (known === undefined) {
    known = new Map(answer.links.flatMap((link) => link.shells.map((id) => [id, link] as const)));
    byShell.set(answer, known);
  }
  return known.get(shell);
}
