const patterns = new Map<string, CanvasPattern>();

/** A diagonal hatch in one colour; `backward` leans the other way, so two kinds of grey tell apart without colour. */
export function hatch(
  context: CanvasRenderingContext2D,
  colour: string,
  pixelRatio: number,
  pitch: number,
  weight: number,
  backward: boolean,
): CanvasPattern | string {
  const key = `${colour} ${pixelRatio} ${pitch} ${weight} ${backward}`;
  const held = patterns.get(key);
  if (held !== undefined) return held;
  const size = Math.round(pitch * pixelRatio);
  const tile = context.canvas.ownerDocument.createElement("canvas");
  tile.width = size;
  tile.height = size;
  const pen = tile.getContext("2d");
  if (pen === null) return colour;
  pen.strokeStyle = colour;
  pen.lineWidth = weight * pixelRatio;
  pen.lineCap = "square";
  pen.beginPath();
  for (const shift of [-size, 0, size]) {
    if (backward) {
      pen.moveTo(shift, 0);
      pen.lineTo(shift + size, size);
    } else {
      pen.moveTo(shift, size);
      pen.lineTo(shift + size, 0);
    }
  }
  pen.stroke();
  const pattern = context.createPattern(tile, "repeat");
  if (pattern === null) return colour;
  pattern.setTransform(new DOMMatrix([1 / pixelRatio, 0, 0, 1 / pixelRatio, 0, 0]));
  patterns.set(key, pattern);
  return pattern;
}

/** Priority shapes: 1 ◆, 2 ▲, 3 ■, 4 ●, filled, about `radius` around the point. */
export function paintShape(context: CanvasRenderingContext2D, priority: 1 | 2 | 3 | 4, x: number, y: number, radius: number): void {
  context.beginPath();
  if (priority === 1) {
    context.moveTo(x, y - radius);
    context.lineTo(x + radius, y);
    context.lineTo(x, y + radius);
    context.lineTo(x - radius, y);
  } else if (priority === 2) {
    context.moveTo(x, y - radius);
    context.lineTo(x + radius, y + radius * 0.85);
    context.lineTo(x - radius, y + radius * 0.85);
  } else if (priority === 3) {
    context.rect(x - radius * 0.85, y - radius * 0.85, radius * 1.7, radius * 1.7);
  } else context.arc(x, y, radius * 0.9, 0, 2 * Math.PI);
  context.closePath();
  context.fill();
}

export function roundedRect(context: CanvasRenderingContext2D, x: number, y: number, width: number, height: number, radius: number): void {
  context.beginPath();
  context.roundRect(x, y, width, height, radius);
}
