import * as calls from "../calls.ts";
import type { ReactNode } from "react";
import { LogLineView } from "./log-line.tsx";
import { answerOf, useLoad, useStore, useStudio, useSubject, useWords } from "@doppelwerk/kit/studio";

/** Changes of the documents that name the subject, newest first. */
export default function HistoryTab(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const commits = useStore(studio.commits);
  const subject = useSubject();
  const log = useLoad(answerOf(calls.log, { query: { limit: 200 } }), { again: commits });
  const id = subject?.station.id ?? "";
  const mine = (log.value ?? []).filter(
    (entry) => entry.reason.includes(id) || entry.lines.some((line) => line.shell.includes(id) || line.label.includes(id)),
  );
  return (
    <section className="dw-block">
      {mine.length === 0 && log.kind !== "loading" && <p className="dw-quiet">{t("changes.noneHere")}</p>}
      {mine.map((entry) => (
        <LogLineView key={entry.revision} entry={entry} />
      ))}
    </section>
  );
}
