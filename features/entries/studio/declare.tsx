import { Button, Select, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { Card, errorText, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { EntrySignal } from "../contract.ts";

/** What may be typed in is declared first, with its unit: a number without one is unknown for good. */
export function Declare({ known, onDeclared }: { readonly known: readonly EntrySignal[]; readonly onDeclared: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [book, setBook] = useState("");
  const [name, setName] = useState("");
  const [unit, setUnit] = useState("");
  const [valueType, setValueType] = useState("integer");
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const bookName = (book.trim() || known[0]?.connectionName) ?? t("entries.book");
  const declare = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      const same = known.find(({ connectionName }) => connectionName === bookName);
      const detail = same === undefined ? undefined : await studio.client.connection(same.connection);
      const url = detail?.url ?? `entered:${encodeURIComponent(bookName.toLowerCase().replace(/\s+/g, "-"))}`;
      const declared = (detail?.settings?.["signals"] as readonly object[] | undefined) ?? [];
      const added = { address: name.trim(), name: name.trim(), valueType, ...(unit.trim() === "" ? {} : { unit: unit.trim() }) };
      await studio.client.connect({ url, name: bookName, protocol: "entered", settings: { signals: [...declared, added] } });
      setName("");
      onDeclared();
    } catch (error) {
      setFailure(errorText(error));
    }
    setBusy(false);
  };
  return (
    <Card title={t("entries.declareTitle")} note={t("entries.declareNote")}>
      <form
        className="dw-command-ask"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") void declare();
        }}
      >
        <TextInput
          size="sm"
          label={t("entries.name")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          className="dw-grow"
        />
        <TextInput size="sm" label={t("entries.unit")} value={unit} onChange={(event) => setUnit(event.currentTarget.value)} w={96} />
        <Select
          size="sm"
          label={t("entries.type")}
          data={["integer", "double", "boolean", "string"].map((type) => ({ value: type, label: t.or(`entries.types.${type}`, type) }))}
          value={valueType}
          onChange={(next) => setValueType(next ?? "integer")}
          allowDeselect={false}
          w={150}
        />
        <TextInput
          size="sm"
          label={t("entries.bookLabel")}
          placeholder={bookName}
          value={book}
          onChange={(event) => setBook(event.currentTarget.value)}
        />
        <Button size="sm" variant="default" type="submit" loading={busy} disabled={name.trim() === ""} leftSection={<IconPlus size={15} />}>
          {t("entries.declare")}
        </Button>
      </form>
      {failure !== undefined && <p className="dw-note is-trouble">{failure}</p>}
    </Card>
  );
}
