import { Button, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { useStudio, useWords } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export interface Scanned {
  readonly text: string;
  readonly how: "camera" | "typed";
}

interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
type DetectorClass = new (options: { readonly formats: readonly string[] }) => Detector;

/** Not every browser has one; without a secure context none has a camera. */
function detectorClass(): DetectorClass | undefined {
  const found = (globalThis as { readonly BarcodeDetector?: DetectorClass }).BarcodeDetector;
  return navigator.mediaDevices === undefined ? undefined : found;
}

const LOOK_MS = 250;

/** Reads the code of a point: by the camera where the browser can, else it is typed. A code of another point says so and is sent all the same. */
export function Scanner({
  codes,
  scanned,
  onScanned,
}: {
  readonly codes: readonly string[];
  readonly scanned: Scanned | undefined;
  readonly onScanned: (scanned: Scanned | undefined) => void;
}): ReactNode {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const canSee = detectorClass() !== undefined;
  if (scanned !== undefined)
    return (
      <p className={`dw-rounds-code${codes.includes(scanned.text) ? " is-right" : ""}`} role="status">
        {t(codes.includes(scanned.text) ? "rounds.scanned" : "rounds.scannedOther", { code: scanned.text })}
        <Button size="compact-sm" variant="subtle" onClick={() => onScanned(undefined)}>
          {t("rounds.scanAgain")}
        </Button>
      </p>
    );
  const read = (text: string, how: Scanned["how"]): void => {
    setOpen(false);
    if (text.trim() !== "") onScanned({ text: text.trim().slice(0, 2_000), how });
  };
  return (
    <div className="dw-rounds-scan">
      {canSee && !isOpen && (
        <Button size="md" onClick={() => setOpen(true)}>
          {t("rounds.scan")}
        </Button>
      )}
      {isOpen && <Camera onRead={(text) => read(text, "camera")} onClosed={() => setOpen(false)} />}
      <div className="dw-rounds-typed">
        <TextInput
          label={t("rounds.typeCode")}
          size="md"
          autoCapitalize="none"
          value={typed}
          onChange={({ currentTarget: { value } }) => setTyped(value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            read(typed, "typed");
          }}
        />
        <Button size="md" variant="default" disabled={typed.trim() === ""} onClick={() => read(typed, "typed")}>
          {t("rounds.takeCode")}
        </Button>
      </div>
    </div>
  );
}

function Camera({ onRead, onClosed }: { readonly onRead: (text: string) => void; readonly onClosed: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const acts = useRef({ onRead, onClosed });
  acts.current = { onRead, onClosed };
  useEffect(() => {
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const look = async (detector: Detector): Promise<void> => {
      if (isOver || video.current === null) return;
      const [found] = await detector.detect(video.current).catch(() => []); // a frame that is not there yet
      if (found !== undefined && !isOver) return acts.current.onRead(found.rawValue);
      timer = setTimeout(() => void look(detector), LOOK_MS);
    };
    const begin = async (): Promise<void> => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (isOver || video.current === null) return;
      video.current.srcObject = stream;
      await video.current.play();
      await look(new (detectorClass()!)({ formats: ["qr_code", "data_matrix"] }));
    };
    begin().catch((error: unknown) => {
      studio.notifyFailure(error, t("rounds.noCamera"));
      acts.current.onClosed();
    });
    return () => {
      isOver = true;
      clearTimeout(timer);
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
  }, [studio, t]);
  return (
    <div className="dw-rounds-camera">
      {/* what the camera sees; nothing is kept of it */}
      <video ref={video} muted playsInline aria-label={t("rounds.camera")} />
      <Button variant="default" onClick={onClosed}>
        {t("frame.cancel")}
      </Button>
    </div>
  );
}
