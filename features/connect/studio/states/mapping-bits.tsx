import { Switch } from "@mantine/core";
import type { ReactNode } from "react";
import type { ReadingVersion } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";
import { BITS, type Bit, type MappingDraft } from "./mapping-draft.ts";

/** What counts beside the words: bits of the machine, and what its neighbours do. */
export function MappingBits({
  stored,
  draft,
  disabled,
  onChange,
}: {
  readonly stored: ReadingVersion;
  readonly draft: MappingDraft;
  readonly disabled: boolean;
  readonly onChange: (bit: Bit, on: boolean) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-states-bits">
      {BITS.map((bit) => (
        <Switch
          key={bit}
          size="sm"
          disabled={disabled}
          checked={draft[bit] ?? stored[bit]}
          label={t(`connect.states.bits.${bit}`)}
          description={t(`connect.states.bitTexts.${bit}`)}
          onChange={(event) => onChange(bit, event.currentTarget.checked)}
        />
      ))}
    </div>
  );
}
