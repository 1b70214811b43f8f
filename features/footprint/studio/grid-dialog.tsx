import { NativeSelect, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { SignalEntry } from "@doppelwerk/sync";
import { FormDialog, useLoad, useScope, useSentForm, useSignals, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { KnownGrid } from "../contract.ts";
import type {} from "../message-codes.ts";

/** The grid that the plant draws from. */
export function GridDialog({ onClose, onStored }: { readonly onClose: () => void; readonly onStored: () => void }): ReactNode {
  const { branch } = useScope();
  const loaded = useLoad({
    key: ["GET /carbon-grid", branch],
    run: ({ client }, signal) => calls.grid(client, { query: { branch } }, { signal }),
    changedBy: { kinds: ["gridCarbonSource", "gridCarbonDay"] },
  });
  return loaded.value === undefined ? null : <GridForm known={loaded.value} onClose={onClose} onStored={onStored} />;
}

const isNumber = ({ valueType }: SignalEntry): boolean => valueType === "double" || valueType === "integer";

function GridForm({
  known,
  onClose,
  onStored,
}: {
  readonly known: KnownGrid;
  readonly onClose: () => void;
  readonly onStored: () => void;
}): ReactNode {
  const { client } = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const signals = useSignals(isNumber);
  const { zone = "", signal = "", source = "" } = known.fields ?? {};
  const form = useSentForm({ zone, signal, source }, async (draft) => {
    const fields = {
      zone: draft.zone.trim(),
      ...(draft.signal !== "" && { signal: draft.signal }),
      ...(draft.source.trim() !== "" && { source: draft.source.trim() }),
    };
    await calls.storeGrid(client, { query: { branch }, body: { fields } });
    onStored();
    onClose();
  });
  return (
    <FormDialog
      form={form}
      title={t("footprint.grid.title")}
      submit={t("footprint.grid.store")}
      isWhole={form.values.zone.trim() !== ""}
      onClose={onClose}
    >
      <TextInput label={t("footprint.column.zone")} maxLength={40} {...form.field("zone")} />
      <NativeSelect
        label={t("footprint.grid.signal")}
        data={[{ value: "", label: "–" }, ...signals.map(({ id, name }) => ({ value: id, label: name }))]}
        {...form.field("signal")}
      />
      <TextInput label={t("footprint.column.source")} maxLength={300} {...form.field("source")} />
      <p className="dw-note">{t("footprint.grid.note", { count: known.days })}</p>
    </FormDialog>
  );
}
