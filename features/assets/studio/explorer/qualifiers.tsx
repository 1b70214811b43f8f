import { Button, Select, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { VALUE_TYPES } from "@doppelwerk/aas";
import type { Qualifier, ValueType } from "@doppelwerk/aas";
import { useWords } from "@doppelwerk/kit/studio";
import { LexicalInput, RemoveLine } from "./editors.tsx";

/** The qualifiers of a submodel or element, a line each. */
export function Qualifiers({
  qualifiers,
  onChange,
}: {
  readonly qualifiers: readonly Qualifier[];
  readonly onChange: (qualifiers: readonly Qualifier[]) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-languages" role="group" aria-label={t("assets.explorer.qualifiers")}>
      <span className="dw-label">{t("assets.explorer.qualifiers")}</span>
      {qualifiers.map((qualifier, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines have no other identity while they are typed
        <div key={index} className="dw-qualifier-line">
          <TextInput
            size="sm"
            aria-label={t("assets.explorer.qualifierType")}
            placeholder={t("assets.explorer.qualifierType")}
            value={qualifier.type}
            spellCheck={false}
            onChange={(event) => onChange(qualifiers.with(index, { ...qualifier, type: event.currentTarget.value }))}
          />
          <Select
            size="sm"
            aria-label={t("assets.explorer.valueType")}
            data={[...VALUE_TYPES]}
            value={qualifier.valueType}
            allowDeselect={false}
            onChange={(type) => onChange(qualifiers.with(index, { ...qualifier, valueType: type as ValueType }))}
          />
          <LexicalInput
            label=""
            name={t("assets.explorer.value")}
            type={qualifier.valueType}
            text={qualifier.value ?? ""}
            onText={(text) => {
              const { value: _, ...rest } = qualifier;
              onChange(qualifiers.with(index, text === "" ? rest : { ...rest, value: text }));
            }}
          />
          <RemoveLine onClick={() => onChange(qualifiers.toSpliced(index, 1))} />
        </div>
      ))}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} />}
        onClick={() => onChange([...qualifiers, { type: "", valueType: "xs:string" } as Qualifier])}
      >
        {t("assets.explorer.addQualifier")}
      </Button>
    </div>
  );
}
