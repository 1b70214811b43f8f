import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  answerOf,
  durationText,
  ListPart,
  LoadedCard,
  MINUTE,
  RowActions,
  useLoad,
  usePlaceNames,
  useProposedEdit,
  useStore,
  useStudio,
  useWords,
  type Column,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { NotificationRule } from "../contract.ts";
import type {} from "../message-codes.ts";
import { RuleEditor } from "./rule-editor.tsx";
import { recipientText, useRecipients } from "./recipients.ts";

/** Which alarms are told to whom, on the branch entered. */
export default function RulesCard(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { branch } = useStore(studio.address.store);
  const [edited, setEdited] = useState<NotificationRule | "new" | undefined>(undefined);
  const loaded = useLoad(answerOf(calls.rules, { query: { branch } }, { kinds: ["notificationRule"] }));
  const { edit } = useProposedEdit(t("notifications.notStored"), loaded.reload);
  const remove = ({ id, fields }: NotificationRule): void =>
    edit(t("notifications.branchRule", { name: fields.name }), (on) =>
      calls.removeRule(studio.client, { params: { id }, query: { branch: on } }),
    );
  const columns: readonly Column<NotificationRule>[] = [
    { title: t("notifications.name"), cell: ({ fields }) => <Named fields={fields} /> },
    { title: t("notifications.steps"), cell: (rule) => <Steps rule={rule} /> },
    {
      title: "",
      cell: (rule) => (
        <RowActions
          actions={[
            { label: t("notifications.change"), run: () => setEdited(rule) },
            {
              label: t("notifications.remove"),
              question: { title: t("notifications.removeRule"), text: t("notifications.removeRuleText", { name: rule.fields.name }) },
              run: () => remove(rule),
            },
          ]}
        />
      ),
    },
  ];
  return (
    <LoadedCard title={t("notifications.rules")} note={() => t("notifications.rulesNote")} loaded={loaded}>
      {(rules) => (
        <>
          <ListPart
            caption={t("notifications.rules")}
            columns={columns}
            rows={rules as readonly NotificationRule[]}
            keyOf={({ id }) => id}
            empty={t("notifications.rulesNone")}
            textOf={({ fields }) => fields.name}
          />
          <p className="dw-list-foot">
            <Button variant="default" onClick={() => setEdited("new")}>
              {t("notifications.addRule")}
            </Button>
          </p>
          {edited !== undefined && (
            <RuleEditor {...(edited !== "new" && { rule: edited })} onClose={() => setEdited(undefined)} onStored={loaded.reload} />
          )}
        </>
      )}
    </LoadedCard>
  );
}

function Named({ fields: { name, priorities, isOn, place, rules } }: Pick<NotificationRule, "fields">): ReactNode {
  const { t } = useWords();
  const places = usePlaceNames();
  const { alarms } = useRecipients();
  const facts = [
    t("notifications.ofPriorities", { priorities: priorities.join(", ") }),
    place !== undefined && t("notifications.atPlace", { place: places.find(({ id }) => id === place)?.name ?? place }),
    rules.length === 1 && (alarms.find(({ id }) => id === rules[0])?.name ?? rules[0]),
    rules.length > 1 && t("notifications.ofAlarmCount", { count: rules.length }),
    !isOn && t("notifications.off"),
  ];
  return (
    <>
      {name} <small className="dw-quiet">{facts.filter(Boolean).join(" · ")}</small>
    </>
  );
}

function Steps({ rule: { fields, names } }: { readonly rule: NotificationRule }): ReactNode {
  const { t, language } = useWords();
  const known = useRecipients();
  return (
    <div>
      {fields.steps.map(({ afterMinutes, to }, at) => (
        <div key={at}>
          <span className="dw-quiet">
            {afterMinutes === 0
              ? t("notifications.atOnce")
              : t("notifications.after", { after: durationText(afterMinutes * MINUTE, language) })}
          </span>{" "}
          {to.map((recipient) => recipientText(recipient, known, names)).join(", ")}
        </div>
      ))}
    </div>
  );
}
