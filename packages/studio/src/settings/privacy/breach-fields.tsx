import { MultiSelect, NumberInput, Textarea } from "@mantine/core";
import type { ReactNode } from "react";
import type { BreachFields as Fields } from "@doppelwerk/client";
import { useLoad, useStudio, useWords, type SentForm } from "@doppelwerk/ui";

/** What is typed of a breach. */
export type TypedBreach = Omit<Fields, "categories" | "people"> & { readonly categories: string[]; readonly people: number | string };

export function fieldsOf({ what, categories, people, measures }: TypedBreach): Fields {
  return { what: what.trim(), categories, people: Number(people) || 0, measures };
}

/** What is known of a breach: the same when it is opened and later. */
export function BreachFields<Values extends TypedBreach>({ form }: { readonly form: SentForm<Values> }): ReactNode {
  const { client } = useStudio();
  const { t, language } = useWords();
  const inventory = useLoad((signal) => client.dataInventory({ signal }), []).value ?? [];
  return (
    <>
      <Textarea label={t("settings.breach.what")} rows={3} maxLength={10_000} {...form.field("what")} />
      <MultiSelect
        label={t("settings.breach.categories")}
        data={inventory.map(({ id, what }) => ({ value: id, label: what[language] }))}
        {...form.field("categories")}
      />
      <NumberInput label={t("settings.breach.count")} min={0} max={10_000_000_000} allowDecimal={false} {...form.field("people")} />
      <Textarea label={t("settings.breach.measures")} rows={3} maxLength={10_000} {...form.field("measures")} />
    </>
  );
}
