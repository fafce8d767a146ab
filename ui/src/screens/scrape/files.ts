/** Files that are not pages, in plain words. */
import type { IconName } from '../../icons';

export interface FileKind {
  name: string;
  icon: IconName;
  /** Can be shown as it is. */
  picture: boolean;
}

export function fileKind(contentType: string): FileKind {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  if (/^image\/(png|jpeg|gif|webp|avif|bmp|svg\+xml)$/.test(type))
    return { name: 'A picture', icon: 'file-image', picture: true };
  if (type.startsWith('image/')) return { name: 'A picture', icon: 'file-image', picture: false };
  if (type === 'application/pdf')
    return { name: 'A PDF document', icon: 'file-text', picture: false };
  if (/zip|compressed|x-tar|gzip|x-rar/.test(type))
    return { name: 'An archive', icon: 'file-zip', picture: false };
  if (/csv|spreadsheet|excel/.test(type))
    return { name: 'A table', icon: 'file-table', picture: false };
  return { name: 'A file', icon: 'file', picture: false };
}
