import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { FormDialog, useSentForm, useStudio, useWords } from "@doppelwerk/ui";
import { BreachFields, fieldsOf, type TypedBreach } from "./breach-fields.tsx";

interface OpenBreachDialogProps {
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

/** A case is opened; its time counts from when it became known. */
export function OpenBreachDialog({ onClose, onChanged }: OpenBreachDialogProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const form = useSentForm<TypedBreach & { readonly known: string }>(
    { known: localTime(studio.now()), what: "", categories: [], people: 0, measures: "" },
    async ({ known, ...typed }) => {
      await studio.client.openBreach({ ...fieldsOf(typed), known: new Date(known).toISOString() });
      onChanged();
      onClose();
    },
  );
  const { known, what } = form.values;
  return (
    <FormDialog
      form={form as never}
      title={t("settings.breach.open")}
      size={560}
      submit={t("settings.breach.openNow")}
      isWhole={what.trim() !== "" && !Number.isNaN(Date.parse(known))}
      onClose={onClose}
    >
      <TextInput
        type="datetime-local"
        label={t("settings.breach.known")}
        description={t("settings.breach.knownNote")}
        {...form.field("known")}
      />
      <BreachFields form={form} />
    </FormDialog>
  );
}

/** As fields for date and time take it: of this browser, to the minute. */
function localTime(instant: number): string {
  const date = new Date(instant / 1_000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
