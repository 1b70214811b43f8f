import { IconCursorText, IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { childrenOf, elementAt } from "@doppelwerk/aas";
import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import { deleteElement } from "@doppelwerk/client";
import { apiPath, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import { documentPath } from "./aas-access.ts";
import { DeleteThis } from "./delete-this.tsx";
import { CopyPath, Tool } from "./detail-head.tsx";
import { listPlaceOf, placeOfSubmodel, type ElementPlace } from "./element-place.ts";
import type { ExplorerMoves } from "./explorer-moves.ts";
import { ListOrder } from "./list-order.tsx";

const CONTAINERS: readonly string[] = ["SubmodelElementCollection", "SubmodelElementList", "Entity"];

interface ToolsProps {
  readonly element: SubmodelElement;
  readonly submodel: Submodel;
  readonly place: ElementPlace;
  readonly moves: ExplorerMoves;
  readonly past: boolean;
  readonly onAdd: () => void;
  readonly onRename: () => void;
}

/** What can be done with an element; in the past only its address is copied. */
export function ElementTools(props: ToolsProps): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { place, past } = props;
  return (
    <>
      {!past && <ChangeTools {...props} />}
      <CopyPath path={`${apiPath(branch, studio.address.store.get().world)}${documentPath(place.submodel, place.path)}`} />
    </>
  );
}

function ChangeTools({ element, submodel, place, moves, onAdd, onRename }: ToolsProps): ReactNode {
  const { t } = useWords();
  const item = listPlaceOf(place.path);
  return (
    <>
      {CONTAINERS.includes(element.modelType) && (
        <Tool label={t("assets.explorer.addElement")} onClick={onAdd}>
          <IconPlus size={16} />
        </Tool>
      )}
      {item !== undefined && (
        <ListOrder
          submodel={place.submodel}
          {...item}
          count={itemCount(submodel, item.list)}
          onMoved={(index) => moves.amend({ ...place, path: `${item.list}[${index}]` })}
        />
      )}
      {item === undefined && element.idShort !== undefined && (
        <Tool label={t("assets.explorer.rename")} onClick={onRename}>
          <IconCursorText size={16} />
        </Tool>
      )}
      <DeleteThis
        what={place.path}
        run={(api) => deleteElement(api, { submodel: place.submodel, path: place.path })}
        onDone={() => moves.go(placeOfSubmodel(place))}
      />
    </>
  );
}

function itemCount(submodel: Submodel, path: string): number {
  const list = elementAt(submodel, path);
  return list === undefined ? 0 : childrenOf(list).length;
}
