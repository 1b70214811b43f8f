import { ActionIcon, TextInput, Tooltip } from "@mantine/core";
import { IconArrowsHorizontal, IconChevronLeft, IconChevronRight, IconMinus, IconPlus } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";

/** Times the width of the window. */
export const [MIN_ZOOM, MAX_ZOOM, ZOOM_STEP] = [0.25, 5, 1.25];

/** The page of a PDF and its size. */
export function PdfBar({
  number,
  count,
  zoom,
  onNumber,
  onZoom,
}: {
  readonly number: number;
  readonly count: number;
  readonly zoom: number;
  readonly onNumber: (number: number) => void;
  readonly onZoom: (zoom: number) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-pdf-bar">
      <PdfTool label={t("assets.explorer.pdf.previous")} disabled={number === 1} onClick={() => onNumber(number - 1)}>
        <IconChevronLeft size={16} />
      </PdfTool>
      <PageNumber number={number} count={count} onNumber={onNumber} />
      <PdfTool label={t("assets.explorer.pdf.next")} disabled={number === count} onClick={() => onNumber(number + 1)}>
        <IconChevronRight size={16} />
      </PdfTool>
      <span className="dw-grow" />
      <PdfTool label={t("assets.explorer.pdf.smaller")} disabled={zoom <= MIN_ZOOM} onClick={() => onZoom(zoom / ZOOM_STEP)}>
        <IconMinus size={16} />
      </PdfTool>
      <output>{Math.round(zoom * 100)} %</output>
      <PdfTool label={t("assets.explorer.pdf.larger")} disabled={zoom >= MAX_ZOOM} onClick={() => onZoom(zoom * ZOOM_STEP)}>
        <IconPlus size={16} />
      </PdfTool>
      <PdfTool label={t("assets.explorer.pdf.width")} disabled={zoom === 1} onClick={() => onZoom(1)}>
        <IconArrowsHorizontal size={16} />
      </PdfTool>
    </div>
  );
}

function PdfTool({
  label,
  disabled,
  onClick,
  children,
}: {
  readonly label: string;
  readonly disabled: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size={30} aria-label={label} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function PageNumber({
  number,
  count,
  onNumber,
}: {
  readonly number: number;
  readonly count: number;
  readonly onNumber: (number: number) => void;
}): ReactNode {
  const { t } = useWords();
  const [text, setText] = useState(String(number));
  useEffect(() => setText(String(number)), [number]);
  const take = (): void => (/^\d{1,6}$/.test(text) ? onNumber(Number(text)) : setText(String(number)));
  return (
    <span className="dw-pdf-number">
      <TextInput
        size="xs"
        inputMode="numeric"
        aria-label={t("assets.explorer.pdf.number")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={take}
        onKeyDown={(event) => event.key === "Enter" && take()}
      />
      / {count}
    </span>
  );
}
