import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Card, Form, operation, useLoad, useMayAdminister, useSentForm, useStudio, useWords, type Translate } from "@doppelwerk/ui";

const RIGHTS = ["READ", "UPDATE", "CREATE", "DELETE", "EXECUTE"] as const;
type Right = (typeof RIGHTS)[number];

interface Explained {
  readonly permitted: boolean;
  readonly by: "rules" | "roles" | "none";
  readonly set?: string;
  readonly rule?: number;
  readonly atPlace?: {
    readonly permitted: boolean;
    readonly by: "place" | "roles" | "none";
    readonly role?: string;
    readonly place?: string;
    readonly roles?: readonly string[];
    readonly places?: readonly string[];
    readonly class?: string;
  };
}

const explain = operation<Explained>("GET /access");

/** Whether one may do something with a document, by which rule or role, and what would be needed; administrators ask for anybody. */
export default function AccessCheck(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const isAdministrator = useMayAdminister() === true;
  const accounts = useLoad((signal) => (isAdministrator ? studio.client.accounts({ signal }) : Promise.resolve([])), [isAdministrator]);
  const [answer, setAnswer] = useState<Explained>();
  const form = useSentForm({ record: "", right: "READ" as Right, action: "", person: "" }, async ({ record, right, action, person }) => {
    setAnswer(undefined);
    const query = {
      record: record.trim(),
      right,
      ...(action.trim() !== "" && { action: action.trim() }),
      ...(person !== "" && { person }),
    };
    setAnswer(await explain(studio.client, { query }));
  });
  return (
    <Card title={t("settings.whyNot.title")} note={t("settings.whyNot.note")}>
      <Form form={form} submit={t("settings.whyNot.ask")} layout="grid" isWhole={form.values.record.trim() !== ""}>
        <TextInput label={t("settings.whyNot.record")} placeholder="urn:…" maxLength={2_000} {...form.field("record")} />
        <NativeSelect
          label={t("settings.whyNot.right")}
          data={RIGHTS.map((value) => ({ value, label: t(`settings.whyNot.rights.${value}`) }))}
          {...form.field("right")}
        />
        <TextInput label={t("settings.whyNot.action")} placeholder="edit" maxLength={100} {...form.field("action")} />
        {isAdministrator && (
          <NativeSelect
            label={t("settings.whyNot.person")}
            data={[
              { value: "", label: t("settings.whyNot.me") },
              ...(accounts.value ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
            {...form.field("person")}
          />
        )}
      </Form>
      {answer !== undefined && (
        <div className="dw-access-answer" role="status">
          {linesOf(answer, t).map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
    </Card>
  );
}

function linesOf({ permitted, by, set, rule, atPlace }: Explained, t: Translate): readonly string[] {
  const byRules =
    by === "rules"
      ? t(rule === undefined ? "settings.whyNot.byRules" : "settings.whyNot.byRule", { set: set ?? "", rule: rule ?? 0 })
      : t(by === "none" ? "settings.whyNot.byNone" : permitted ? "settings.whyNot.byRoles" : "settings.whyNot.notByRoles");
  if (atPlace === undefined) return [byRules];
  const { role = "", place = "", roles = [], places = [] } = atPlace;
  const needed = { roles: roles.join(", "), places: places.join(", "), class: atPlace.class ?? "" };
  const byPlace =
    atPlace.by === "place"
      ? t("settings.whyNot.atPlace", { role, place })
      : atPlace.permitted
        ? t("settings.whyNot.serverRole")
        : t(atPlace.class === undefined ? "settings.whyNot.needed" : "settings.whyNot.neededClass", needed);
  return [byRules, byPlace];
}
