import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconArrowLeft, IconDeviceTv, IconDots, IconPencil, IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { AddressLink, fileName, LIVE, saveFile, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { ShownBoard } from "../contract.ts";
import type { OpenDialog } from "./board-dialogs.tsx";
import type { SessionState } from "./board-session.ts";
import type {} from "../message-codes.ts";

interface HeadProps {
  readonly board: ShownBoard;
  readonly state: SessionState;
  readonly isEdited: boolean;
  readonly onEdit: (isEdited: boolean) => void;
  readonly onOpen: (dialog: OpenDialog) => void;
  /** The revision that is looked at. */
  readonly former: number | undefined;
  readonly onNow: () => void;
}

export function BoardHead({ board, state, isEdited, onEdit, onOpen, former, onNow }: HeadProps): ReactNode {
  const { t } = useWords();
  const studio = useStudio();
  return (
    <div className="dw-boards-head">
      <AddressLink to={{ detail: undefined }}>
        <IconArrowLeft size={14} aria-hidden="true" /> {t("boards.title")}
      </AddressLink>
      <h2>{board.title}</h2>
      <Waits state={state} />
      <span className="dw-grow" />
      <span className="dw-buttons">
        {former !== undefined && (
          <Button size="compact-sm" onClick={onNow}>
            {t("boards.toNow")}
          </Button>
        )}
        {isEdited && (
          <Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} />} onClick={() => onOpen({ kind: "add" })}>
            {t("boards.addTile")}
          </Button>
        )}
        {board.mayEdit && former === undefined && (
          <Button
            size="compact-sm"
            variant={isEdited ? "filled" : "default"}
            leftSection={<IconPencil size={14} />}
            onClick={() => onEdit(!isEdited)}
          >
            {t(isEdited ? "boards.done" : "boards.edit")}
          </Button>
        )}
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconDeviceTv size={14} />}
          onClick={() => studio.address.go({ detail: `wall:${board.id}` })}
        >
          {t("boards.wall")}
        </Button>
        <BoardMenu board={board} onOpen={onOpen} />
      </span>
    </div>
  );
}

/** What is not on the server yet. */
function Waits({ state: { waiting, isOffline } }: { readonly state: SessionState }): ReactNode {
  const { t } = useWords();
  return (
    <small role="status" className="dw-quiet-text">
      {waiting > 0 ? t(isOffline ? "boards.waitsOffline" : "boards.waits", { count: waiting }) : ""}
    </small>
  );
}

function BoardMenu({ board, onOpen }: { readonly board: ShownBoard; readonly onOpen: (dialog: OpenDialog) => void }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t, language } = useWords();
  const failed = (error: unknown): void => studio.notifyFailure(error, t("boards.fileFailed"));
  const save = (format: "csv" | "pdf"): void => {
    const at = studio.time.shown.get();
    const query = { branch, format, language, ...(at !== undefined && { at: Math.round(at) }) };
    calls
      .file(studio.client, { params: { id: board.id }, query })
      .then((bytes) => saveFile(fileName([board.title], format), bytes))
      .catch(failed);
  };
  const savePicture = (): void => {
    const tiles = document.querySelector<HTMLElement>(".dw-tiles, .dw-dock");
    if (tiles === null) return;
    import("./picture.ts")
      .then(({ pictureOf }) => pictureOf(tiles))
      .then((picture) => saveFile(fileName([board.title], "png"), picture))
      .catch(failed);
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size="md" variant="default" aria-label={t("boards.menu")}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => save("csv")}>{t("boards.csv")}</Menu.Item>
        <Menu.Item onClick={() => save("pdf")}>{t("boards.pdf")}</Menu.Item>
        <Menu.Item onClick={savePicture}>{t("boards.png")}</Menu.Item>
        {branch === LIVE && <Menu.Item onClick={() => onOpen({ kind: "mail" })}>{t("boards.mail")}</Menu.Item>}
        <Menu.Divider />
        <Menu.Item onClick={() => onOpen({ kind: "copy" })}>{t("boards.copy")}</Menu.Item>
        <Menu.Item onClick={() => onOpen({ kind: "versions" })}>{t("boards.versions")}</Menu.Item>
        {board.mayEdit && <Menu.Item onClick={() => onOpen({ kind: "board" })}>{t("boards.settings")}</Menu.Item>}
        {board.mayEdit && (
          <Menu.Item color="red" onClick={() => onOpen({ kind: "remove" })}>
            {t("boards.remove")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
