import { NumberInput, Select, Switch, TagsInput, Textarea } from "@mantine/core";
import type { ReactNode } from "react";
import type { NewPropertyClass, PropertyClass } from "@doppelwerk/client";
import { durationText, useLoad, useStudio, useWords, type Column, type Language, type SentForm, type Translate } from "@doppelwerk/ui";
import { coversOf, textOfCovers } from "./class-covers.ts";
import { SetDialog, SetsCard, type Edited } from "./sets-card.tsx";

/** What a new class begins with. */
const FIRST = {
  logistics: { approve: ["engineer"], approvers: 1, presence: false, directWrites: true },
  quality: { approve: ["engineer"], approvers: 1, presence: false, directWrites: false },
  safety: { approve: ["engineer", "administrator"], approvers: 2, expiresAfterMin: 480, presence: true, directWrites: false },
  access: { approve: ["administrator"], approvers: 1, presence: true, directWrites: false },
} as const;
type First = keyof typeof FIRST;
const FIRST_NAMES = Object.keys(FIRST) as readonly First[];
const ACCESS_COVERS = "kind: accessRules\nkind: propertyClass";
const APPROVING = ["engineer", "administrator"];
const MINUTE_US = 60_000_000;

/** What needs whose approval. */
export default function ClassesCard(): ReactNode {
  const { client } = useStudio();
  const { t, language } = useWords();
  const classes = useLoad((signal) => client.propertyClasses({ signal }), []);
  return (
    <SetsCard
      title={t("settings.classes")}
      note={() => t("settings.classesNote")}
      loaded={classes}
      columns={columnsOf(t, language)}
      empty={t("settings.classesNone")}
      add={t("settings.classAdd")}
      remove={({ id }) => client.removePropertyClass(id)}
      editor={(edited) => <EditClass {...edited} />}
    />
  );
}

function columnsOf(t: Translate, language: Language): readonly Column<PropertyClass>[] {
  return [
    {
      title: t("settings.classApproval"),
      cell: ({ approvers, approve, expiresAfterMin }) => (
        <>
          {t("settings.classPeople", { count: approvers })}{" "}
          <small className="dw-quiet">
            {[
              approve.map((role) => t.or(`settings.role.${role}`, role)).join(", "),
              expiresAfterMin !== undefined && t("settings.classWithin", { time: durationText(expiresAfterMin * MINUTE_US, language) }),
            ]
              .filter(Boolean)
              .join(" · ")}
          </small>
        </>
      ),
    },
    { title: t("settings.classCovers"), cell: ({ covers }) => covers.length, isNumber: true },
  ];
}

/** Covers as they are typed; a time of 0 is none. */
type Draft = Omit<NewPropertyClass, "covers" | "expiresAfterMin"> & { readonly covers: string; readonly expiresAfterMin: number | string };

function EditClass({ set, others: _others, ...dialog }: Edited<PropertyClass>): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const initial: Draft =
    set === undefined
      ? { ...FIRST.quality, name: t("settings.class.quality"), covers: "", propose: [], enabled: true, expiresAfterMin: "" }
      : { ...set, covers: textOfCovers(set.covers), expiresAfterMin: set.expiresAfterMin ?? "" };
  return (
    <SetDialog
      {...dialog}
      title={set?.name ?? t("settings.classAdd")}
      size={640}
      initial={initial}
      givenOf={givenOf}
      save={(given) => (set === undefined ? client.createPropertyClass(given) : client.changePropertyClass(set.id, given))}
    >
      {(form) => (
        <>
          {set === undefined && <BeginWith form={form} />}
          <ClassFields form={form} />
        </>
      )}
    </SetDialog>
  );
}

function givenOf({ name, covers: text, expiresAfterMin, ...draft }: Draft): NewPropertyClass | undefined {
  const covers = coversOf(text);
  if ("line" in covers || covers.length === 0) return undefined;
  const { propose, approve, approvers, presence, directWrites, enabled } = draft;
  const minutes = Number(expiresAfterMin);
  const given = { name: name.trim(), covers, propose, approve, approvers: Number(approvers) || 1, presence, directWrites, enabled };
  return { ...given, ...(minutes > 0 && { expiresAfterMin: minutes }) };
}

function BeginWith({ form }: { readonly form: SentForm<Draft> }): ReactNode {
  const { t } = useWords();
  const begin = (first: First): void => {
    const { expiresAfterMin, ...rest }: Omit<Partial<NewPropertyClass>, "covers" | "name"> = FIRST[first];
    form.set({
      ...rest,
      expiresAfterMin: expiresAfterMin ?? "",
      name: t(`settings.class.${first}`),
      ...(first === "access" && { covers: ACCESS_COVERS }),
    });
  };
  return (
    <Select
      label={t("settings.classFirst")}
      data={FIRST_NAMES.map((value) => ({ value, label: t(`settings.class.${value}`) }))}
      defaultValue="quality"
      allowDeselect={false}
      onChange={(value) => begin(value as First)}
    />
  );
}

function ClassFields({ form }: { readonly form: SentForm<Draft> }): ReactNode {
  const { t } = useWords();
  const covers = coversOf(form.values.covers);
  return (
    <>
      <Textarea
        label={t("settings.classCovers")}
        description={t("settings.classCoversNote")}
        placeholder="path: TechnicalData.Limits.*"
        classNames={{ input: "dw-access-text" }}
        rows={5}
        spellCheck={false}
        {...form.field("covers")}
        {...("line" in covers && { error: t("settings.classCoversLine", { line: covers.line }) })}
      />
      <div className="dw-class-fields">
        <NumberInput label={t("settings.classApprovers")} min={1} max={10} allowDecimal={false} {...form.field("approvers")} />
        <NumberInput
          label={t("settings.classExpiry")}
          placeholder={t("settings.classNoExpiry")}
          min={1}
          max={525_600}
          suffix=" min"
          allowDecimal={false}
          {...form.field("expiresAfterMin")}
        />
      </div>
      <TagsInput
        label={t("settings.classApprove")}
        description={t("settings.classRolesNote")}
        data={APPROVING}
        {...form.field("approve")}
      />
      <TagsInput label={t("settings.classPropose")} data={["operator", ...APPROVING]} {...form.field("propose")} />
      <Switch label={t("settings.classPresence")} {...form.field("presence", { type: "checkbox" })} />
      <Switch label={t("settings.classDirect")} {...form.field("directWrites", { type: "checkbox" })} />
    </>
  );
}
