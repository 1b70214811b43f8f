import { Button, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Card, useFormTask, useStudio, useWords, Problem } from "@doppelwerk/kit/studio";
import type { EntrySignal } from "../contract.ts";

/** What may be typed in is declared first, with its unit: a number without one is unknown for good. */
export function Declare({ known, onDeclared }: { readonly known: readonly EntrySignal[]; readonly onDeclared: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const form = useForm({ initialValues: { name: "", unit: "", valueType: "integer", book: "" } });
  const { busy, failure, code, run } = useFormTask(form, { paths: { name: "book", signals: "name", "settings.signals": "name" } });
  const { name, unit, valueType, book } = form.values;
  const bookName = (book.trim() || known[0]?.connectionName) ?? t("entries.book");
  const declare = async (): Promise<void> => {
    const same = known.find(({ connectionName }) => connectionName === bookName);
    const detail = same === undefined ? undefined : await studio.client.connection(same.connection);
    const url = detail?.url ?? `entered:${encodeURIComponent(bookName.toLowerCase().replace(/\s+/g, "-"))}`;
    const declared = (detail?.settings?.["signals"] as readonly object[] | undefined) ?? [];
    const added = { address: name.trim(), name: name.trim(), valueType, ...(unit.trim() === "" ? {} : { unit: unit.trim() }) };
    await studio.client.connect({ url, name: bookName, protocol: "entered", settings: { signals: [...declared, added] } });
    form.setFieldValue("name", "");
    onDeclared();
  };
  return (
    <Card title={t("entries.declareTitle")} note={t("entries.declareNote")}>
      <form className="dw-command-ask" onSubmit={form.onSubmit(() => void (name.trim() !== "" && run(declare)))}>
        <TextInput size="sm" label={t("entries.name")} className="dw-grow" {...form.getInputProps("name")} />
        <TextInput size="sm" label={t("entries.unit")} w={96} {...form.getInputProps("unit")} />
        <Select
          size="sm"
          label={t("entries.type")}
          data={["integer", "double", "boolean", "string"].map((type) => ({ value: type, label: t.or(`entries.types.${type}`, type) }))}
          allowDeselect={false}
          w={150}
          {...form.getInputProps("valueType")}
        />
        <TextInput size="sm" label={t("entries.bookLabel")} placeholder={bookName} {...form.getInputProps("book")} />
        <Button size="sm" variant="default" type="submit" loading={busy} disabled={name.trim() === ""} leftSection={<IconPlus size={15} />}>
          {t("entries.declare")}
        </Button>
      </form>
      {failure !== undefined && <Problem text={failure} code={code} />}
    </Card>
  );
}
