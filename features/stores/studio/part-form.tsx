import { Checkbox, NumberInput, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { FormDialog, useScope, useSentForm, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { KnownPart } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { PartFields } from "../model/part-kind.ts";

interface Draft {
  number: string;
  en: string;
  zh: string;
  unit: string;
  place: string;
  minimum: number | string;
  reorder: number | string;
  leadDays: number | string;
  fits: string;
  price: number | string;
  currency: string;
  isRetired: boolean;
}

/** A new part, or what is known of one. */
export function PartForm({
  part,
  onClose,
  onStored,
}: {
  readonly part?: KnownPart;
  readonly onClose: () => void;
  readonly onStored: () => void;
}): ReactNode {
  const { client } = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const form = useSentForm<Draft>(draftOf(part?.fields), async (draft) => {
    const fields = fieldsOf(draft);
    await calls.store(client, { params: { part: fields.number }, query: { branch }, body: { fields, expected: part?.fields ?? null } });
    onStored();
    onClose();
  });
  const { values, field } = form;
  const isWhole = values.number.trim() !== "" && values.en.trim() !== "" && (values.price === "" || values.currency.trim().length === 3);
  return (
    <FormDialog
      form={form}
      title={part === undefined ? t("stores.add") : t("stores.editOf", { part: part.part })}
      submit={t("stores.store")}
      isWhole={isWhole}
      size={640}
      onClose={onClose}
    >
      <div className="dw-stores-fields">
        <TextInput label={t("stores.field.number")} maxLength={60} disabled={part !== undefined} data-autofocus {...field("number")} />
        <TextInput label={t("stores.field.place")} maxLength={100} {...field("place")} />
        <TextInput label={t("stores.field.title.en")} maxLength={200} {...field("en")} />
        <TextInput label={t("stores.field.title.zh")} maxLength={200} {...field("zh")} />
        <TextInput label={t("stores.field.unit")} maxLength={20} {...field("unit")} />
        <NumberInput label={t("stores.field.minimum")} min={0} {...field("minimum")} />
        <NumberInput label={t("stores.field.reorder")} min={0} {...field("reorder")} />
        <NumberInput label={t("stores.field.leadDays")} min={0} {...field("leadDays")} />
        <NumberInput label={t("stores.field.price")} min={0} {...field("price")} />
        <TextInput label={t("stores.field.currency")} maxLength={3} {...field("currency")} />
        <TextInput label={t("stores.field.fits")} description={t("stores.fitsHint")} maxLength={2_000} {...field("fits")} />
        <Checkbox
          label={t("stores.field.isRetired")}
          checked={values.isRetired}
          onChange={({ currentTarget: { checked } }) => form.set({ isRetired: checked })}
        />
      </div>
    </FormDialog>
  );
}

function draftOf(fields: PartFields | undefined): Draft {
  return {
    number: fields?.number ?? "",
    en: fields?.title.en ?? "",
    zh: fields?.title.zh ?? "",
    unit: fields?.unit ?? "PCE",
    place: fields?.place ?? "",
    minimum: fields?.minimum ?? 0,
    reorder: fields?.reorder ?? "",
    leadDays: fields?.leadDays ?? "",
    fits: fields?.fits.join(", ") ?? "",
    price: fields?.price ?? "",
    currency: fields?.currency ?? "",
    isRetired: fields?.isRetired ?? false,
  };
}

function fieldsOf(draft: Draft): PartFields {
  const number = (value: number | string): number | undefined => (value === "" ? undefined : Number(value));
  const [reorder, leadDays, price] = [draft.reorder, draft.leadDays, draft.price].map(number);
  const en = draft.en.trim();
  return {
    number: draft.number.trim(),
    title: { en, zh: draft.zh.trim() === "" ? en : draft.zh.trim() },
    unit: draft.unit.trim() === "" ? "PCE" : draft.unit.trim(),
    minimum: Number(draft.minimum),
    fits: draft.fits
      .split(",")
      .map((each) => each.trim())
      .filter((each) => each !== ""),
    isRetired: draft.isRetired,
    ...(draft.place.trim() !== "" && { place: draft.place.trim() }),
    ...(reorder !== undefined && { reorder }),
    ...(leadDays !== undefined && { leadDays }),
    ...(price !== undefined && { price }),
    ...(draft.currency.trim() !== "" && { currency: draft.currency.trim().toUpperCase() }),
  };
}
