/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-device-list.h"

#include <gst/gst.h>

#define MAX_DEVICES 100

typedef struct {
  GStrvBuilder *sinks;
  GStrvBuilder *sources;
} Lists;

static void
lists_free (Lists *lists)
{
  g_strv_builder_unref (lists->sinks);
  g_strv_builder_unref (lists->sources);
  g_free (lists);
}

static gboolean
is_monitor (GstDevice *device)
{
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);

  return properties && g_strcmp0 (gst_structure_get_string (properties, "device.class"), "monitor") == 0;
}

/* The name that the sound server's elements take is a property of the provider's own device type. */
static void
add_device (Lists     *lists,
            GstDevice *device)
{
  g_autofree char *name = NULL;
  g_autofree char *title = gst_device_get_display_name (device);
  g_autofree char *line = NULL;

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (device), "internal-name"))
    g_object_get (device, "internal-name", &name, NULL);
  if (!name || is_monitor (device))
    return;

  line = g_strdup_printf ("%s\t%s", name, title && title[0] ? title : name);
  if (gst_device_has_classes (device, "Audio/Sink"))
    g_strv_builder_add (lists->sinks, line);
  else if (gst_device_has_classes (device, "Audio/Source"))
    g_strv_builder_add (lists->sources, line);
}

/* Worker thread: touches nothing but its own lists. */
static void
list_devices (GTask        *task,
              gpointer      source,
              gpointer      data,
              GCancellable *cancellable)
{
  gboolean ready = gst_init_check (NULL, NULL, NULL);
  g_autoptr (GstDeviceProvider) provider
    = ready ? gst_device_provider_factory_get_by_name ("pulsedeviceprovider") : NULL;
  Lists *lists = g_new0 (Lists, 1);
  GList *devices = provider ? gst_device_provider_get_devices (provider) : NULL;
  guint n = 0;

  lists->sinks = g_strv_builder_new ();
  lists->sources = g_strv_builder_new ();
  for (GList *l = devices; l && n < MAX_DEVICES; l = l->next, n++)
    add_device (lists, l->data);
  g_list_free_full (devices, gst_object_unref);
  if (n > 0)
    {
      g_task_return_pointer (task, lists, (GDestroyNotify) lists_free);
      return;
    }
  lists_free (lists);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no sound server, or no plug-in for it");
}

void
phone_media_list_devices_async (GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, phone_media_list_devices_async);
  g_task_run_in_thread (task, list_devices);
}

gboolean
phone_media_list_devices_finish (GAsyncResult   *result,
                                 char         ***sinks,
                                 char         ***sources,
                                 GError        **error)
{
  Lists *lists;

  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (sinks != NULL && sources != NULL, FALSE);

  lists = g_task_propagate_pointer (G_TASK (result), error);
  if (!lists)
    return FALSE;
  *sinks = g_strv_builder_end (lists->sinks);
  *sources = g_strv_builder_end (lists->sources);
  lists_free (lists);
  return TRUE;
}
