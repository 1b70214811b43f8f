import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { Dialog, inLanguage, Question, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { KnownTileKind, ShownBoard, ShownTile } from "../contract.ts";
import { beside, layoutOf, placesOf } from "../model/layout.ts";
import { fieldsOf, newTileId, type BoardSession } from "./board-session.ts";
import { BoardMail } from "./board-mail.tsx";
import { BoardSettings } from "./board-settings.tsx";
import { BoardVersions } from "./board-versions.tsx";
import { TileSettingsDialog } from "./tile-settings.tsx";
import type {} from "../message-codes.ts";

export type OpenDialog =
  | { readonly kind: "add" }
  | { readonly kind: "new"; readonly of: KnownTileKind }
  | { readonly kind: "set"; readonly tile: ShownTile }
  | { readonly kind: "board" | "copy" | "versions" | "remove" | "mail" };

interface Props {
  readonly dialog: OpenDialog | undefined;
  readonly board: ShownBoard;
  readonly kinds: ReadonlyMap<string, KnownTileKind>;
  readonly session: BoardSession;
  readonly branch: string;
  readonly onLook: (revision: number) => void;
  readonly onOpen: (dialog: OpenDialog) => void;
  readonly onClose: () => void;
}

export function BoardDialogs(props: Props): ReactNode {
  const { dialog, board, kinds, session, branch, onLook, onOpen, onClose } = props;
  if (dialog === undefined) return null;
  if (dialog.kind === "add") return <KindChoice kinds={kinds} onChoose={(of) => onOpen({ kind: "new", of })} onClose={onClose} />;
  if (dialog.kind === "new")
    return (
      <TileSettingsDialog
        isNew
        kind={dialog.of}
        fields={{ kind: dialog.of.id, settings: {}, moment: { of: "page" } }}
        onClose={onClose}
        onSet={(fields) => {
          const tile = newTileId();
          const layout = beside(layoutOf(board.tiles), tile, "below", undefined);
          session.act({ act: "put", tile, fields, place: placesOf(layout, board.tiles).get(tile)! });
        }}
      />
    );
  if (dialog.kind === "set")
    return (
      <TileSettingsDialog
        isNew={false}
        kind={kinds.get(dialog.tile.kind)}
        fields={fieldsOf(dialog.tile)}
        onClose={onClose}
        onSet={(fields) => session.act({ act: "set", tile: dialog.tile.id, fields, expected: fieldsOf(dialog.tile) })}
      />
    );
  if (dialog.kind === "versions")
    return (
      <BoardVersions
        id={board.id}
        branch={branch}
        mayEdit={board.mayEdit}
        onLook={(revision) => {
          onLook(revision);
          onClose();
        }}
        onClose={onClose}
      />
    );
  if (dialog.kind === "mail") return <BoardMail id={board.id} onClose={onClose} />;
  return <OfBoard {...props} kind={dialog.kind} />;
}

function OfBoard({
  kind,
  board,
  session,
  branch,
  onClose,
}: Omit<Props, "dialog"> & { readonly kind: "board" | "copy" | "remove" }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { title, sharing, editors, wallS } = board;
  if (kind === "remove")
    return (
      <Question
        title={t("boards.remove")}
        text={t("boards.removeText", { title })}
        run={() => calls.remove(studio.client, { params: { id: board.id }, query: { branch } })}
        onDone={() => studio.address.go({ detail: undefined })}
        onClose={onClose}
      />
    );
  if (kind === "copy")
    return (
      <BoardSettings
        title={t("boards.copy")}
        submit={t("boards.copy")}
        fields={{ title: t("boards.copyOf", { title }).slice(0, 120), sharing: { with: "nobody" }, editors: "owner", wallS }}
        onClose={onClose}
        onSet={async (fields) => {
          const made = await calls.add(studio.client, { query: { branch }, body: { ...fields, copyOf: board.id } });
          studio.address.go({ detail: made.id });
        }}
      />
    );
  return (
    <BoardSettings
      title={t("boards.settings")}
      submit={t("boards.store")}
      fields={{ title, sharing, editors, wallS }}
      onClose={onClose}
      onSet={(fields) => session.act({ act: "board", fields })}
    />
  );
}

/** Which kind of tile: what each shows stands below its name. */
function KindChoice({
  kinds,
  onChoose,
  onClose,
}: {
  readonly kinds: ReadonlyMap<string, KnownTileKind>;
  readonly onChoose: (kind: KnownTileKind) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { t, language } = useWords();
  return (
    <Dialog opened onClose={onClose} title={t("boards.addTile")} size={720} centered>
      <div className="dw-board-kinds">
        {[...kinds.values()].map((kind) => (
          <UnstyledButton key={kind.id} className="dw-boards-template" onClick={() => onChoose(kind)}>
            <b>{inLanguage(kind.title, language)}</b>
            <small>{inLanguage(kind.about, language)}</small>
          </UnstyledButton>
        ))}
      </div>
    </Dialog>
  );
}
