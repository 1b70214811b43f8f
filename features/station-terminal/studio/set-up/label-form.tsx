import { Button, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { Card, saveFile, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type {} from "../../message-codes.ts";
import { LABEL_KINDS, type LabelFields } from "../../model/label.ts";

/** Labels as PDF, or as ZPL for label printers. */
export default function LabelForm(): ReactNode {
  const { t, language } = useWords();
  const studio = useStudio();
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error, t("stationTerminal.label.failed")));
  const [label, setLabel] = useState<LabelFields>({ kind: "serial", value: "", symbol: "qr", copies: 1 });
  const set = (change: Partial<LabelFields>): void => setLabel({ ...label, ...change });
  const save = (format: "pdf" | "zpl"): void =>
    run(async () => {
      const { product = "", text = "", ...rest } = label;
      const query = { ...rest, language, ...(product.trim() !== "" && { product }), ...(text.trim() !== "" && { text }) };
      const bytes = await calls.label(studio.client, { params: { format }, query });
      const type = format === "pdf" ? "application/pdf" : "text/plain";
      saveFile(`label-${label.value.replace(/[^A-Za-z0-9-]/g, "_").slice(0, 60)}.${format}`, new Blob([bytes], { type }));
    });
  return (
    <Card title={t("stationTerminal.part.labels")}>
      <p className="dw-note">{t("stationTerminal.label.about")}</p>
      <div className="dw-ts-fields">
        <NativeSelect
          label={t("stationTerminal.label.kind")}
          value={label.kind}
          data={LABEL_KINDS.map((value) => ({ value, label: t(`stationTerminal.label.${value}`) }))}
          onChange={({ currentTarget: { value } }) => set({ kind: value as LabelFields["kind"] })}
        />
        <TextInput
          label={t("stationTerminal.label.value")}
          value={label.value}
          maxLength={200}
          onChange={({ currentTarget: { value } }) => set({ value })}
        />
        <TextInput
          label={t("stationTerminal.label.product")}
          value={label.product ?? ""}
          maxLength={200}
          onChange={({ currentTarget: { value } }) => set({ product: value })}
        />
        <TextInput
          label={t("stationTerminal.label.text")}
          value={label.text ?? ""}
          maxLength={200}
          onChange={({ currentTarget: { value } }) => set({ text: value })}
        />
        <NativeSelect
          label={t("stationTerminal.label.symbol")}
          value={label.symbol}
          data={[
            { value: "qr", label: "QR" },
            { value: "code128", label: "Code 128" },
          ]}
          onChange={({ currentTarget: { value } }) => set({ symbol: value as LabelFields["symbol"] })}
        />
        <NumberInput
          label={t("stationTerminal.label.copies")}
          value={label.copies}
          min={1}
          max={100}
          allowDecimal={false}
          onChange={(value) => set({ copies: Math.min(100, Math.max(1, Math.round(Number(value)) || 1)) })}
        />
      </div>
      <p className="dw-ts-buttons">
        {(["pdf", "zpl"] as const).map((format) => (
          <Button key={format} variant="default" loading={busy} disabled={label.value.trim() === ""} onClick={() => save(format)}>
            {t(`stationTerminal.label.save.${format}`)}
          </Button>
        ))}
      </p>
    </Card>
  );
}
