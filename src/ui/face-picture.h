/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "skin.h"

G_BEGIN_DECLS

/**
 * SECTION:face-picture
 * @title: PhoneFacePicture
 *
 * The parts of the face's picture at one size, each painted once at the resolution of the device and kept: the face with
 * the handset in its cradle and lifted, keys pressed down, lit lamps with their glow. Nothing is ever enlarged from
 * another size. Main thread only.
 */
typedef struct _PhoneFacePicture PhoneFacePicture;

/**
 * PhoneFaceLayer:
 * @rect: place in device pixels from the upper left corner of the view
 */
typedef struct {
  GdkTexture     *texture;   /* NULL: nothing to paint */
  graphene_rect_t rect;
} PhoneFaceLayer;

PhoneFacePicture     *phone_face_picture_new         (PhoneSkin        *skin,
                                                      PhoneFaceView     view,
                                                      double            scale) G_GNUC_WARN_UNUSED_RESULT;
void                  phone_face_picture_free        (PhoneFacePicture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneFacePicture, phone_face_picture_free)

PhoneFaceView         phone_face_picture_get_view    (PhoneFacePicture *self);
double                phone_face_picture_get_scale   (PhoneFacePicture *self);
gboolean              phone_face_picture_has_face    (PhoneFacePicture *self,
                                                      gboolean          off_hook);
const PhoneFaceLayer *phone_face_picture_get_face    (PhoneFacePicture *self,
                                                      gboolean          off_hook);
const PhoneFaceLayer *phone_face_picture_get_pressed (PhoneFacePicture *self,
                                                      PhoneKey          key);
const PhoneFaceLayer *phone_face_picture_get_lamp    (PhoneFacePicture *self,
                                                      PhoneKey          key,
                                                      PhoneLampColour   colour);

G_END_DECLS
