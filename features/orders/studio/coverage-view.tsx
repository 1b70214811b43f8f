import type { ReactNode } from "react";
import { answerOf, Card, Failure, inLanguage, useLoad, useScope, useWords, Waiting } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type {} from "../message-codes.ts";

/** What of each aspect of the plant is collected, from where, and what is not. */
export function CoverageView(): ReactNode {
  const { branch } = useScope();
  const { t, language } = useWords();
  const loaded = useLoad(answerOf(calls.coverage, { query: { branch } }));
  const answer = loaded.value;
  if (answer === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  return (
    <div className="dw-coverage">
      {answer.aspects.map(({ aspect, facts }) => {
        const collected = facts.filter(({ count }) => count > 0);
        const missing = facts.filter(({ count }) => count === 0);
        return (
          <Card
            key={aspect}
            title={t(`orders.aspect.${aspect}`)}
            note={t("orders.collected", { count: collected.length, all: facts.length })}
          >
            <ul className="dw-coverage-facts">
              {collected.map(({ feature, id, title, count, from }) => (
                <li key={`${feature}.${id}`}>
                  <b>{inLanguage(title, language)}</b> <span>{count}</span>
                  {from.length > 0 && <small className="dw-quiet-text">{from.join(", ")}</small>}
                </li>
              ))}
              {missing.map(({ feature, id, title }) => (
                <li key={`${feature}.${id}`} className="is-missing">
                  {inLanguage(title, language)} <small>{t("orders.notCollected")}</small>
                </li>
              ))}
            </ul>
          </Card>
        );
      })}
    </div>
  );
}
