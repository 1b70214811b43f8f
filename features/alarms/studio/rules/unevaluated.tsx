import type { ReactNode } from "react";
import { clockText, dateText, messageText, useWords } from "@doppelwerk/kit/studio";
import type { KnownRule } from "../../contract.ts";
import { unknownText } from "../../model/expression-faults.ts";
import { conditionText } from "./condition-text.ts";
import type { Naming } from "./condition-text.ts";

/** When a rule is in alarm; where it cannot be evaluated, since when and why. */
export function RuleCondition({ rule, naming }: { readonly rule: KnownRule; readonly naming: Naming }): ReactNode {
  const { t, language, zone } = useWords();
  const text = conditionText(rule.fields.condition, naming);
  if (rule.unevaluated === undefined) return text;
  const { since, why } = rule.unevaluated;
  const reason = messageText("", unknownText(why, naming.signal));
  const time = `${dateText(since, zone, language)} ${clockText(since, zone)}`;
  return (
    <>
      {text}
      <small className="dw-rule-unevaluated">{t("alarms.unevaluated.since", { time, reason })}</small>
    </>
  );
}

/** That there are rules of which nothing is concluded: an empty list of alarms is not a good one then. */
export function UnevaluatedNote({ rules }: { readonly rules: readonly KnownRule[] }): ReactNode {
  const { t } = useWords();
  const count = rules.filter(({ unevaluated, fields }) => unevaluated !== undefined && fields.enabled).length;
  if (count === 0) return null;
  return (
    <p className="dw-note" role="status">
      {t("alarms.unevaluated.count", { count })}
    </p>
  );
}
