import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { SubmodelElementList } from "@doppelwerk/aas";
import { putElement } from "@doppelwerk/client";
import type { AasApi } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";
import { documentPath, read } from "./aas-access.ts";
import { Tool } from "./detail-head.tsx";
import { useChange } from "./use-change.ts";

/** Writes a list with one item at another place, in one transaction; with the content of blobs, which is lost otherwise. */
async function moveItem(api: AasApi, submodel: string, list: string, { from, to }: { readonly from: number; readonly to: number }) {
  const whole = await read<SubmodelElementList>(api, `${documentPath(submodel, list)}?extent=withBlobValue`);
  const value = [...(whole.value ?? [])];
  value.splice(to, 0, ...value.splice(from, 1));
  await putElement(api, { submodel, path: list }, { ...whole, value });
}

/** Moves an item of a list by one place, up or down. */
export function ListOrder({
  submodel,
  list,
  index,
  count,
  onMoved,
}: {
  readonly submodel: string;
  /** idShortPath of the list. */
  readonly list: string;
  readonly index: number;
  readonly count: number;
  readonly onMoved?: (index: number) => void;
}): ReactNode {
  const { t } = useWords();
  const { busy, change } = useChange();
  const what = `${list}[${index}]`;
  const move = async (by: 1 | -1): Promise<void> => {
    const done = await change({
      reason: t("assets.explorer.moveOf", { what }),
      done: t("assets.explorer.moved", { what }),
      failed: t("assets.explorer.notSaved", { what }),
      run: (api) => moveItem(api, submodel, list, { from: index, to: index + by }),
    });
    if (done) onMoved?.(index + by);
  };
  return (
    <>
      <Tool label={t("assets.explorer.moveUp")} disabled={busy || index === 0} onClick={() => void move(-1)}>
        <IconArrowUp size={16} />
      </Tool>
      <Tool label={t("assets.explorer.moveDown")} disabled={busy || index === count - 1} onClick={() => void move(1)}>
        <IconArrowDown size={16} />
      </Tool>
    </>
  );
}
