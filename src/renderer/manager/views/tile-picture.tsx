import type { Tile } from '../../player/storyboard.ts'

type TilePictureProps = { tile: Tile; width: number; height: number }

/** One picture of a storyboard, as large as covers a box of that size in CSS pixels, and cut off around it. */
export function TilePicture({ tile, width, height }: TilePictureProps) {
  const scale = Math.max(width / tile.width, height / tile.height)
  const left = (width - tile.width * scale) / 2
  const top = (height - tile.height * scale) / 2
  return (
    <span className="tile" style={{ width, height }}>
      <img
        src={tile.url}
        alt=""
        draggable={false}
        style={{
          transform: `translate(${left}px, ${top}px) scale(${scale}) translate(${-tile.x}px, ${-tile.y}px)`,
        }}
      />
    </span>
  )
}
