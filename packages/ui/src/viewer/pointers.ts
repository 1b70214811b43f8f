import type { ViewerFrame } from "./viewer-frame.ts";

type Pointer = NonNullable<ViewerFrame["pointers"]>[number];

/** Other people's pointers as small named flags. */
export class Pointers {
  readonly host: HTMLElement;
  #flags = new Map<string, { readonly box: HTMLElement; readonly name: HTMLElement; pointer: Pointer }>();

  constructor(document: Document) {
    this.host = document.createElement("div");
    Object.assign(this.host.style, { position: "absolute", inset: "0", overflow: "hidden", pointerEvents: "none" });
    this.host.dataset["viewer"] = "pointers";
  }

  set(pointers: readonly Pointer[]): void {
    const kept = new Set(pointers.map((pointer) => pointer.id));
    for (const [id, flag] of this.#flags)
      if (!kept.has(id)) {
        flag.box.remove();
        this.#flags.delete(id);
      }
    for (const pointer of pointers) {
      const flag = this.#flags.get(pointer.id) ?? this.#create(pointer);
      flag.pointer = pointer;
      flag.name.textContent = pointer.name;
    }
  }

  /** Follows the camera. */
  move(screen: (at: readonly [number, number, number]) => { x: number; y: number; ahead: boolean }, width: number, height: number): void {
    for (const { box, pointer } of this.#flags.values()) {
      const { x, y, ahead } = screen(pointer.at);
      const shown = ahead && x > 0 && y > 0 && x < width && y < height;
      box.style.visibility = shown ? "visible" : "hidden";
      box.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
    }
  }

  dispose(): void {
    this.host.remove();
  }

  #create(pointer: Pointer): { readonly box: HTMLElement; readonly name: HTMLElement; pointer: Pointer } {
    const document = this.host.ownerDocument;
    const box = document.createElement("div");
    const arrow = document.createElement("div");
    const name = document.createElement("div");
    Object.assign(box.style, { position: "absolute", left: "0", top: "0" });
    Object.assign(arrow.style, {
      width: "12px",
      height: "14px",
      background: pointer.colour,
      clipPath: "polygon(0 0, 100% 62%, 52% 66%, 30% 100%)",
    });
    Object.assign(name.style, {
      margin: "2px 0 0 9px",
      padding: "0 6px",
      borderRadius: "4px",
      fontSize: "12px",
      fontWeight: "600",
      lineHeight: "20px",
      background: pointer.colour,
      color: "var(--dw-on-accent)",
      whiteSpace: "nowrap",
    });
    box.append(arrow, name);
    this.host.append(box);
    const flag = { box, name, pointer };
    this.#flags.set(pointer.id, flag);
    return flag;
  }
}
