import type { ReactNode } from "react";
import type { Message } from "@doppelwerk/messages";
import { Card, answerOf, inLanguage, messageText, plantKinds, useLoad, useScope, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type {} from "../message-codes.ts";

/** Of one line; what is more is counted. */
const MAX_LISTED = 20;

interface Group {
  readonly key: string;
  readonly title: string;
  readonly texts: readonly string[];
}

/** What the documents say of lines and cannot be, and what lines share, by line; no card where there is nothing to say. */
export default function FindingsCard(): ReactNode {
  const { t, language } = useWords();
  const { branch } = useScope();
  const known = useLoad(answerOf(calls.list, { query: { branch } }, { kinds: plantKinds })).value;
  const groups: readonly Group[] = [
    { key: "", title: t("line.findings.ofNoLine"), texts: textsOf(known?.findings ?? []) },
    ...(known?.lines ?? []).map(({ id, title, findings }) => ({ key: id, title: inLanguage(title, language), texts: textsOf(findings) })),
  ].filter(({ texts }) => texts.length > 0);
  if (groups.length === 0) return null;
  return (
    <Card title={t("line.findings.title")} note={t("line.findings.note")}>
      {groups.map(({ key, title, texts }) => (
        <section key={key} aria-label={title}>
          <h3 className="dw-small-title">{title}</h3>
          <ul className="dw-findings">
            {texts.slice(0, MAX_LISTED).map((text) => (
              <li key={text} title={text}>
                {text}
              </li>
            ))}
            {texts.length > MAX_LISTED && <li>{t("line.findings.more", { count: texts.length - MAX_LISTED })}</li>}
          </ul>
        </section>
      ))}
    </Card>
  );
}

/** Two sources may say the same. */
function textsOf(findings: readonly Message[]): readonly string[] {
  return [...new Set(findings.map((finding) => messageText("", finding)))];
}
