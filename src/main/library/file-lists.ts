import type { ListOf } from '../../shared/api/common.ts'
import type { FileFilter } from '../../shared/api/file-filter.ts'
import type { File, ListFiles, ListThumbnails, Thumbnail } from '../../shared/api/file.ts'
import { dateRange } from '../base/dates.ts'
import type { LibraryDeps } from './deps.ts'
import type { Records } from './records.ts'
import { toThumbnail } from './segment-view.ts'

/** What a list of files is asked for, with its filter read. */
export type FilesQuery = Omit<ListFiles, 'filter'> & { filter?: FileFilter | undefined }

/** Lists of files, and of the pictures of one. */
export interface FileLists {
  /** Throws AppError `bad_request` for a date that no calendar has. */
  list(query: FilesQuery): ListOf<File>
  /** Throws AppError `not_found`. */
  thumbnails(id: string, query: ListThumbnails): ListOf<Thumbnail>
}

/** Makes the lists. */
export function createFileLists(
  { store, privateUrl }: Pick<LibraryDeps, 'store' | 'privateUrl'>,
  records: Pick<Records, 'find' | 'view'>,
): FileLists {
  return {
    list(query) {
      const { limit, offset, order, sort, status, missing, filter } = query
      const { files, total } = store.files.list({
        ...{ limit, offset, order, sort, status, missing, filter },
        ...dateRange(query.created_after, query.created_before),
        search: query.q,
        folderId: query.folder_id,
        mediaType: query.media_type,
      })
      return { object: 'list', data: files.map((file) => records.view(file)), total, limit, offset }
    },
    thumbnails(id, { limit, offset, type, segmentation_id: segmentationId, is_default: onlyDefault }) {
      const file = records.find(id)
      const { thumbnail_url: url } = records.view(file)
      const time = file.media?.video ? file.media.durationS / 10 : 0
      const poster: Thumbnail[] = url ? [{ id: `${file.id}-poster`, url, time, type: 'file' }] : []
      const isWanted = (kind: Thumbnail['type']): boolean => type?.split(',').includes(kind) ?? true
      // The poster belongs to no segmentation.
      const first = segmentationId === undefined && isWanted('file') ? poster : []
      const data = first.slice(offset, offset + limit)
      const { segments, total } =
        file.media?.video && onlyDefault !== true && isWanted('segment')
          ? store.segments.list({
              ...{ fileId: id, segmentationId, pictured: true },
              limit: limit - data.length,
              offset: Math.max(0, offset - first.length),
            })
          : { segments: [], total: 0 }
      data.push(...segments.map((it) => toThumbnail(it, privateUrl())))
      return { object: 'list', data, total: first.length + total, limit, offset }
    },
  }
}
