import { Button, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { ValueReferencePair } from "@doppelwerk/aas";
import { useWords } from "@doppelwerk/kit/studio";
import { RemoveLine } from "./editors.tsx";

/** The values that a concept allows, each with the id of what it means. */
export function AllowedValues({
  pairs,
  onChange,
}: {
  readonly pairs: readonly ValueReferencePair[];
  readonly onChange: (pairs: readonly ValueReferencePair[]) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-languages" role="group" aria-label={t("assets.explorer.allowedValues")}>
      <span className="dw-label">{t("assets.explorer.allowedValues")}</span>
      {pairs.map((pair, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines have no other identity while they are typed
        <div key={index} className="dw-language-line dw-asset-id-line">
          <TextInput
            size="sm"
            aria-label={t("assets.explorer.value")}
            placeholder={t("assets.explorer.value")}
            value={pair.value}
            onChange={(event) => onChange(pairs.with(index, { ...pair, value: event.currentTarget.value }))}
          />
          <TextInput
            size="sm"
            className="dw-grow"
            aria-label={t("assets.explorer.semanticId")}
            placeholder={t("assets.explorer.semanticId")}
            value={pair.valueId?.keys[0]?.value ?? ""}
            onChange={(event) => onChange(pairs.with(index, withMeaning(pair, event.currentTarget.value)))}
          />
          <RemoveLine onClick={() => onChange(pairs.toSpliced(index, 1))} />
        </div>
      ))}
      <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => onChange([...pairs, { value: "" }])}>
        {t("assets.explorer.addValue")}
      </Button>
    </div>
  );
}

/** `id` empty = none. */
function withMeaning(pair: ValueReferencePair, id: string): ValueReferencePair {
  const { valueId: _, ...rest } = pair;
  return id === "" ? rest : { ...rest, valueId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: id }] } };
}
